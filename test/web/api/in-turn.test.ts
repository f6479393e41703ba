// The queue of small plots: two at a time, the lowest place first, and one that fails holds up nobody.
import { expect, it } from 'vitest';
import { inTurn } from '../../../src/web/api/in-turn.ts';

it('takes the worst first, whatever the order of asking, two at a time', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const task = (place: number) => async () => {
    begun.push(place);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    if (place === 3) throw new Error('this one fails');
    return place;
  };
  const asked = [7, 5, 3, 1, 4, 1, 6];
  const ended = await Promise.allSettled(asked.map((place) => inTurn(task(place), place)));
  expect(most).toBe(2);
  // the two that found room began at once
  expect(begun).toEqual([7, 5, 1, 1, 3, 4, 6]);
  expect(ended.map(({ status }) => status)).toEqual(
    asked.map((place) => (place === 3 ? 'rejected' : 'fulfilled')),
  );
});
