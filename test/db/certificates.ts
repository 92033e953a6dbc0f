import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Files in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Certificates that `openssl` makes in a directory; they are good for an hour of tests. */
export interface Authority extends Certificate {
  /**
   * A certificate of this authority, with these subject alternative names, as OpenSSL writes them.
   */
  issue(name: string, alternatives: string): Promise<Certificate>;
  /** A certificate for a client. */
  issueForClient(commonName: string): Promise<Certificate>;
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Makes an authority that nobody else trusts. */
export async function createAuthority(directory: string, name: string): Promise<Authority> {
  const openssl = (args: string[]) => execa('openssl', args, { cwd: directory, stdin: 'ignore' });
  const files = (of: string) => ({ cert: join(directory, `${of}.crt`), key: join(directory, `${of}.key`) });
  const own = files(name);
  const out = ({ cert, key }: Certificate) => ['-out', cert, '-keyout', key];
  await openssl(['req', '-x509', ...EC_KEY, '-subj', `/CN=${name}`, ...out(own)]);

  async function sign(of: string, subject: string, extensions: string): Promise<Certificate> {
    const made = files(of);
    const request = join(directory, `${of}.csr`);
    const extensionFile = join(directory, `${of}.ext`);
    await openssl(['req', ...EC_KEY, '-subj', subject, '-out', request, '-keyout', made.key]);
    await writeFile(extensionFile, extensions);
    const signer = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-days', '2'];
    await openssl(['x509', '-req', '-in', request, '-out', made.cert, ...signer, '-extfile', extensionFile]);
    return made;
  }

  return {
    ...own,
    issue: (of, alternatives) => sign(of, `/CN=${of}`, `subjectAltName=${alternatives}\n`),
    issueForClient: (commonName) =>
      sign(`client-${commonName}`, `/CN=${commonName}`, 'extendedKeyUsage=clientAuth\n'),
  };
}
