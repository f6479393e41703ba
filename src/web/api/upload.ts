// Sends one file as the raw body of putFile, with progress. XMLHttpRequest, because fetch does not tell how far an upload is.
import type { UploadAnswer } from '../../server/index.ts';
import { routes } from '../../server/index.ts';
import { addressOf, errorFrom, tokenHeaders, unreachable } from './client.ts';

/** Resolves with what the server made of the file; rejects with ApiError. `onProgress` gets bytes that have left. */
export async function uploadFile(
  study: string,
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<UploadAnswer> {
  const headers = await tokenHeaders();
  if (signal.aborted) throw new DOMException('Upload stopped', 'AbortError');
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(routes.putFile.method, addressOf('putFile', { study, name: file.name }));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }): void => onProgress(loaded);
    request.onload = (): void => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as UploadAnswer);
      else reject(errorFrom(request.status, request.responseText));
    };
    request.onerror = (): void => reject(unreachable());
    request.onabort = (): void => reject(new DOMException('Upload stopped', 'AbortError'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
