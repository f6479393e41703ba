// Files of a multipart form, one after another (reliability S-4). Each is received like a file of its own; one that is refused does not stop the
// others, a form that is broken ends with what was whole before.
// Invariant: every part is consumed or the connection is closed, so a refused part never blocks the rest.
import type { FastifyRequest } from 'fastify';
import type {} from '@fastify/multipart';
import { ImmunogateError } from '../../errors.ts';
import { failureOf } from '../http-status.ts';
import type { AnswerOf, UploadAnswer } from '../schema.ts';
import type { UploadLimits } from './receive.ts';
import type { Readable } from 'node:stream';

type FormAnswer = AnswerOf<'postFiles'>;

export async function receiveForm(
  request: FastifyRequest,
  { fileBytes }: UploadLimits,
  keep: (name: string, source: Readable) => Promise<UploadAnswer>,
): Promise<FormAnswer> {
  const files: UploadAnswer[] = [];
  const refused: FormAnswer['refused'] = [];
  const parts = request.parts({
    // one byte more than allowed: the receiver says which limit was met, and keeps nothing
    limits: {
      fileSize: fileBytes + 1,
      files: 200,
      fields: 20,
      parts: 220,
      fieldSize: 4096,
      fieldNameSize: 256,
      headerPairs: 32,
    },
  });
  for await (const part of parts) {
    if (part.type !== 'file') continue;
    try {
      files.push(await keep(part.filename, part.file));
    } catch (error) {
      const { body, status } = failureOf(error);
      if (status >= 500 || request.raw.destroyed) throw error;
      const { code, level, message, place } = body.error;
      refused.push({ name: shortened(part.filename), error: { code, level, message, place } });
    }
    part.file.resume();
  }
  if (files.length + refused.length === 0) throw new ImmunogateError('E_REQUEST', 'The form holds no files.');
  return { files, refused };
}

/** Names of refused files are only said back, so that a person knows which. */
function shortened(name: string): string {
  return name.replace(/\p{Cc}/gu, '').slice(0, 255);
}
