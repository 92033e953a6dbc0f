/** A message that somebody wrote to the phone of an account: a reply, or anything else. */
export interface InboundMessage {
  /** Counts up; the provider's id of the row. */
  readonly id: string;
  /** 40 hex digits. */
  readonly guid: string;
  /** A number in any form, or a name such as MPESA. */
  readonly from: string;
  readonly text: string;
  /** When it arrived here, ISO 8601 in UTC. */
  readonly at: string;
  /** When the phone says that it received it, ISO 8601 in UTC. */
  readonly receivedAt: string;
  /** The phone that it was written to. */
  readonly phoneId: string;
  readonly phoneLabel: string;
  /** The label of the API key of that phone. */
  readonly accountLabel: string;
}

/** A message that the owner of an account typed on the phone. */
export interface TypedMessage {
  readonly id: string;
  readonly guid: string;
  readonly to: string;
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly phoneId: string;
  readonly phoneLabel: string;
  readonly accountLabel: string;
}

/** Where an injected message belongs; the default is the first phone of the first account. */
export interface InjectionPlace {
  /** The label of an account. */
  readonly accountLabel?: string | undefined;
  readonly phoneId?: string | undefined;
}

/** A message to write to a phone of an account. */
export interface Inbound extends InjectionPlace {
  /** A number in any form, or a name such as MPESA. */
  readonly from: string;
  readonly message: string;
  /** When the phone says that it received it, ISO 8601; now by default. */
  readonly receivedAt?: string | undefined;
}

/** A message to type on a phone of an account. */
export interface Typed extends InjectionPlace {
  readonly to: string;
  readonly message: string;
  /** ISO 8601; now by default. */
  readonly at?: string | undefined;
}
