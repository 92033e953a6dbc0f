import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTE_NAMES, type SearchAttributeName } from '../domain/names.js';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/** The part of a Temporal connection that lists and registers search attributes. */
export interface OperatorConnection {
  readonly operatorService: Pick<
    proto.temporal.api.operatorservice.v1.OperatorService,
    'listSearchAttributes' | 'addSearchAttributes'
  >;
}

/** Our search attributes that the namespace lacks, or has with another type than Keyword. */
export async function missingSearchAttributes(
  { operatorService }: OperatorConnection,
  namespace: string,
): Promise<SearchAttributeName[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTE_NAMES.filter((name) => customAttributes[name] !== INDEXED_VALUE_TYPE_KEYWORD);
}

/** Registers the search attributes that the namespace lacks, and says which these were. */
export async function registerSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<SearchAttributeName[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length > 0) await addSearchAttributes(connection, namespace, missing);
  return missing;
}

/** Registers these search attributes, with type Keyword. */
export async function addSearchAttributes(
  { operatorService }: OperatorConnection,
  namespace: string,
  names: readonly SearchAttributeName[],
): Promise<void> {
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD])),
  });
}

/** gRPC status PERMISSION_DENIED and UNIMPLEMENTED (grpc.io, "Status codes"). */
const DENIED: readonly unknown[] = [7, 12];

/** Whether a server lets its clients neither list nor register search attributes, as Temporal Cloud: they are added by hand there. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DENIED.includes(error.code);
}

/** What a worker does about the search attributes that it needs. */
export type SearchAttributesCheck =
  | { readonly kind: 'complete' }
  | { readonly kind: 'missing'; readonly names: readonly SearchAttributeName[] }
  /** The server does not tell: the worker starts, and whoever runs it looks. */
  | { readonly kind: 'not-told' };

/**
 * Looks whether the namespace has all search attributes.
 *
 * @throws errors of the Temporal client, other than that it may not be told
 */
export async function checkSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<SearchAttributesCheck> {
  try {
    const names = await missingSearchAttributes(connection, namespace);
    return names.length === 0 ? { kind: 'complete' } : { kind: 'missing', names };
  } catch (error) {
    if (isDenied(error)) return { kind: 'not-told' };
    throw error;
  }
}
