// Files of a multipart form, one after another (reliability S-4). Each is received like a file of its own; one that is refused does not stop the
// others, a form that is broken ends with what was whole before.
// Invariant: every part is consumed or the connection is closed, so a refused part never blocks the rest.
import type { FastifyRequest } from 'fastify';
import type {} from '@fastify/multipart';
import { ImmunogateError } from '../../errors.ts';
import { failureOf } from '../http-status.ts';
import type { AnswerOf, UploadAnswer } from '../schema.ts';
import type { Readable } from 'node:stream';

type FormAnswer = AnswerOf<'postFiles'>;

/** The size of a file is the receiver's to judge. */
const limits = {
  fileSize: Number.POSITIVE_INFINITY,
  files: 200,
  fields: 20,
  parts: 220,
  fieldSize: 4096,
  fieldNameSize: 256,
  headerPairs: 32,
};

/** Of all files of one request (reliability section 3). */
const mostFormBytes = 20 * 1024 * 1024 * 1024;

export async function receiveForm(
  request: FastifyRequest,
  keep: (name: string, source: Readable) => Promise<UploadAnswer>,
): Promise<FormAnswer> {
  const files: UploadAnswer[] = [];
  const refused: FormAnswer['refused'] = [];
  if (Number(request.headers['content-length'] ?? 0) > mostFormBytes)
    throw new ImmunogateError('E_INPUT_LIMIT', `A request may have ${mostFormBytes} bytes at most.`);
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type !== 'file') continue;
      // a part may have content without the name that its type promises
      const name = (part.filename as string | undefined) ?? '';
      try {
        files.push(await keep(name, part.file));
      } catch (error) {
        const { body, status } = failureOf(error);
        if (status >= 500 || (request.raw.destroyed && !request.raw.complete)) throw error;
        const { code, level, message, place } = body.error;
        refused.push({ name: shortened(name), error: { code, level, message, place } });
      }
      part.file.resume();
    }
  } catch (cause) {
    throw brokenForm(cause);
  }
  if (files.length + refused.length === 0) throw new ImmunogateError('E_REQUEST', 'The form holds no files.');
  return { files, refused };
}

/** The parser's complaints about a form have no code of ours; those about limits say their status. */
function brokenForm(cause: unknown): unknown {
  if (cause instanceof ImmunogateError || (cause instanceof Error && 'statusCode' in cause)) return cause;
  return new ImmunogateError('E_UPLOAD_BROKEN', 'The form is broken; what was whole before is kept.', {
    cause,
  });
}

/** Names of refused files are only said back, so that a person knows which. */
function shortened(name: string): string {
  return name.replace(/\p{Cc}/gu, '').slice(0, 255);
}
