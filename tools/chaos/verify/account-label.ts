/** The label of an account at the provider. */
export function accountLabel(account: number): string {
  return `account ${account + 1}`;
}
