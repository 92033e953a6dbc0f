/** `T` without the properties that are undefined. */
type WithoutUndefined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * An object without the properties that are undefined, for optional ones that must be absent then
 * (`exactOptionalPropertyTypes`).
 *
 * @example
 * const details: SmsErrorDetails = omitUndefined({ attempt, providerCode });
 */
export function omitUndefined<T extends object>(values: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<T>;
}
