import type { ProviderReply } from './classify-reply.js';

/** Reads a body up to `maxBytes`; if the read fails, keeps what arrived. */
export async function readBody(
  response: Response,
  maxBytes: number,
): Promise<Pick<ProviderReply, 'body' | 'cut'>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: ProviderReply['cut'];
  const stream: AsyncIterable<Uint8Array> = response.body ?? emptyStream();
  try {
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        cut = 'too-large';
        break;
      }
      chunks.push(chunk);
    }
  } catch {
    cut = 'broken';
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return cut === undefined ? { body } : { body, cut };
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {
  // A reply without a body.
}
