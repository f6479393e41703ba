// What a handler is: one function a route, from checked input to an answer. Types follow from the shapes, so a route without a handler, or with
// an answer of another shape, does not compile.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Actor } from '../results/index.ts';
import type { Role, RouteName } from './routes.ts';
import type { shapes } from './schema.ts';
import type { Session } from './sessions.ts';

type Part<R extends RouteName, K extends 'params' | 'query' | 'body' | 'answer'> =
  (typeof shapes)[R] extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

export interface Call<R extends RouteName> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  /** null on routes that need nobody. */
  readonly session: Session | null;
  /** Whoever acts, for records. */
  readonly by: Actor;
  readonly role: Role | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Bytes as an answer. A name makes it a download; without one it is shown under `policy`. */
export interface Bytes {
  readonly bytes: Uint8Array | string;
  readonly type: string;
  readonly name: string | null;
  readonly policy?: string;
}

/** The handler writes to the connection itself. */
export const taken = Symbol('taken');

type Answer<R extends RouteName> =
  Part<R, 'answer'> extends undefined ? Bytes | typeof taken : Part<R, 'answer'>;

export type Handler<R extends RouteName> = (call: Call<R>) => Answer<R> | Promise<Answer<R>>;

export type Handlers = { readonly [R in RouteName]: Handler<R> };
