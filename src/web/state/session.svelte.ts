// Who is signed in, and which study is open. One of each in a page; views read them, and reload them after a change.
import type { Session, StudyDetail, StudySummary } from '../../server/index.ts';
import { call, whenSignedOut } from '../api/client.ts';
import { Loaded } from './loaded.svelte.ts';
import { navigation } from './navigation.svelte.ts';

export const session = new Loaded<Session>();
export const studies = new Loaded<readonly StudySummary[]>();
export const study = new Loaded<StudyDetail>();

export async function openSession(): Promise<void> {
  await session.load(call('session', {}));
}

/** Ends this session; the sign-in page follows. */
export async function signOut(): Promise<void> {
  await session.load(call('signOut', {}));
}

// a session that ended meanwhile (idle, or the program was started again) leads to the sign-in page from wherever it shows
whenSignedOut(() => {
  if (session.value?.person != null) void openSession();
});

/** States a name, or signs in with a password where there are users. */
export async function signIn(name: string, password: string | null): Promise<void> {
  await session.load(call('signIn', { body: password === null ? { name } : { name, password } }));
}

export async function loadStudies(): Promise<readonly StudySummary[] | null> {
  return studies.load(call('studies', {}));
}

export async function loadStudy(): Promise<void> {
  if (navigation.route.study !== null) await study.load(call('study', { params: openStudy() }));
}

/** Path parameter of the open study. */
export function openStudy(): { readonly study: string } {
  return { study: navigation.route.study ?? '' };
}

/** Whether the person may do what the role may. */
export function may(role: 'analyst' | 'approver'): boolean {
  const own = session.value?.role ?? null;
  return own === 'approver' || (own === 'analyst' && role === 'analyst');
}
