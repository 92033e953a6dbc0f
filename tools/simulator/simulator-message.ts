/** A message that a recipient's phone really received. */
export interface SimulatorMessage {
  /** The provider's message id, 40 hex digits. */
  readonly id: string;
  readonly recipient: string;
  readonly text: string;
  /** When the phone received it, ISO 8601 in UTC. */
  readonly at: string;
  readonly sendingPhoneId: string;
  readonly sendingPhoneLabel: string;
  readonly simSlot: 1 | 2 | null;
  /** The label of the API key that sent it. */
  readonly accountLabel: string;
}
