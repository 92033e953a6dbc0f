/**
 * Keeps quiet when whoever reads the output has seen enough: `sms list --all | head`. What only reads ends then, with the exit
 * code that it has so far; what changes something is carried to its end.
 */
export function endQuietlyWithReader({ onlyReads }: { readonly onlyReads: boolean }): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (onlyReads) process.exit();
  });
}
