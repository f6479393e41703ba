// A value that a person is typing, as it was when the typing paused: the server is asked once for a word, not once for each of its letters.

/** `read` answers a text or a number. Call while a component is made. */
export function settled<T extends string | number>(read: () => T, milliseconds = 250): { readonly value: T } {
  let value = $state.raw(read());
  $effect(() => {
    const next = read();
    const timer = setTimeout(() => (value = next), milliseconds);
    return () => clearTimeout(timer);
  });
  return {
    get value() {
      return value;
    },
  };
}
