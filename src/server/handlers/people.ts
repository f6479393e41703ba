// Handlers of sessions and users.
import { ImmunogateError } from '../../errors.ts';
import type { Handlers } from '../handler.ts';
import type { AnswerOf } from '../schema.ts';
import type { Session } from '../sessions.ts';
import { personOf } from '../study-log.ts';
import type { HandlerContext } from './context.ts';

type People = Pick<Handlers, 'health' | 'session' | 'signIn' | 'signOut' | 'users' | 'putUser'>;

export function peopleHandlers({ users, sessions, software, workspace }: HandlerContext): People {
  const hasUsers = () => users.list().length > 0;
  const shown = (session: Session | null): AnswerOf<'session'> => {
    const who = session?.who ?? null;
    return {
      person: who === null ? null : personOf(who.actor),
      role: who?.role ?? null,
      users: hasUsers(),
      token: session?.token ?? null,
      software,
    };
  };
  return {
    health: () => ({ status: 'ok', software }),
    session: ({ session }) => shown(session),
    async signIn({ body: { name, password }, session, request, reply }) {
      const { system } = workspace;
      const who = hasUsers()
        ? await byPassword(name, password)
        : // whoever has the printed address may say who sits there; records say that it was only stated
          session === null
          ? null
          : ({ actor: { ...system, stated: name, knownBy: 'stated' }, role: 'approver' } as const);
      if (who === null)
        throw new ImmunogateError('E_SIGN_IN', 'Open the address that `immunogate serve` printed.');
      sessions.close(request.headers.cookie);
      const opened = sessions.open(who);
      void reply.header('set-cookie', sessions.setCookie(opened.cookie));
      return shown(opened.session);
    },
    signOut({ request, reply }) {
      sessions.close(request.headers.cookie);
      void reply.header('set-cookie', sessions.clearCookie());
      return shown(null);
    },
    users: () => users.list().map((user) => ({ ...user })),
    async putUser({ params: { user }, body: { role, password, disabled, reason }, by }) {
      const others = users.list().filter((one) => one.user !== user);
      const isApprover = role === 'approver' && !disabled;
      if (!isApprover && !others.some((one) => one.role === 'approver' && !one.disabled))
        throw new ImmunogateError('E_CONFLICT', 'There must be an approver who can sign in.');
      const wasOpen = !hasUsers();
      const changed = await users.put(user, { role, disabled, password }, by, reason);
      // from the first user on everybody signs in; a changed user does so anew
      sessions.closeWhere(({ actor }) => (wasOpen ? actor.knownBy !== 'signed-in' : actor.stated === user));
      return { ...changed };
    },
  };

  async function byPassword(name: string, password: string | undefined) {
    if (password === undefined) throw new ImmunogateError('E_SIGN_IN_FAILED');
    const { user, role } = await users.signIn(name, password, workspace.system);
    return { actor: { ...workspace.system, stated: user, knownBy: 'signed-in' }, role } as const;
  }
}
