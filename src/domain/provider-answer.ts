/** What the provider answered to one request, for people who look into the run. */
export interface ProviderAnswer {
  readonly httpStatus: number;
  /** The start of its body, without anything of key, number and text; "" for an empty body. */
  readonly excerpt: string;
}
