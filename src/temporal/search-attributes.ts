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
async function missingSearchAttributes(
  { operatorService }: OperatorConnection,
  namespace: string,
): Promise<SearchAttributeName[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTE_NAMES.filter((name) => customAttributes[name] !== INDEXED_VALUE_TYPE_KEYWORD);
}

/** Why search attributes cannot be registered in a namespace, and what to do instead. */
export class SearchAttributesError extends Error {
  override readonly name = 'SearchAttributesError';
}

/**
 * How many custom attributes of type Keyword a namespace can have where visibility is in an SQL
 * store.
 */
const MAX_KEYWORDS_OF_SQL = 10;

/**
 * Registers the search attributes that the namespace lacks, and says which these were.
 *
 * @throws SearchAttributesError if the namespace has no room for them, or has one of another type
 */
export async function registerSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<SearchAttributeName[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return missing;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const mistyped = missing.filter((name) => customAttributes[name] !== undefined);
  if (mistyped.length > 0) throw new SearchAttributesError(problemOfTypes(namespace, mistyped));
  try {
    await addSearchAttributes(connection, namespace, missing);
  } catch (error) {
    const keywords = Object.entries(customAttributes).filter(
      ([, type]) => type === INDEXED_VALUE_TYPE_KEYWORD,
    );
    const full = keywords.length + missing.length > MAX_KEYWORDS_OF_SQL;
    // The server says so in words only, which it changes.
    if (!(full && isInvalid(error))) throw error;
    throw new SearchAttributesError(problemOfRoom(namespace, keywords.length, missing));
  }
  return missing;
}

function problemOfTypes(namespace: string, names: readonly string[]): string {
  const remove = names.map((name) => `--name ${name}`).join(' ');
  return [
    `Namespace ${namespace} has ${names.join(', ')} with a type other than Keyword. If nothing else uses them, remove them and run setup again:`,
    `  temporal operator search-attribute remove --namespace ${namespace} ${remove}`,
    'Otherwise, use a separate namespace for the sends (TEMPORAL_NAMESPACE).',
  ].join('\n');
}

function problemOfRoom(namespace: string, used: number, missing: readonly string[]): string {
  return [
    `Namespace ${namespace} has no room for ${missing.length} more search attributes of type Keyword (${missing.join(', ')}): it has ${used}, and the limit with PostgreSQL, MySQL or SQLite as visibility store is ${MAX_KEYWORDS_OF_SQL}.`,
    'Nothing was registered. Use a separate namespace for the sends, and run setup there:',
    '  temporal operator namespace create --namespace sms --retention 7d',
    '  TEMPORAL_NAMESPACE=sms npx durable-sms setup',
    `Or remove unused search attributes (temporal operator search-attribute list --namespace ${namespace}). Elasticsearch has no such limit.`,
  ].join('\n');
}

/** gRPC status INVALID_ARGUMENT. */
function isInvalid(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 3;
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

/**
 * Whether a server lets its clients neither list nor register search attributes, as Temporal Cloud:
 * they are added by hand there.
 */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DENIED.includes(error.code);
}

/** What a worker does about the search attributes that it needs. */
export type SearchAttributesCheck =
  | { readonly kind: 'complete' }
  | { readonly kind: 'missing'; readonly names: readonly SearchAttributeName[] }
  /** The server denies the question: the worker starts, and its operator has to check. */
  | { readonly kind: 'not-told' };

/**
 * Looks whether the namespace has all search attributes.
 *
 * @throws errors of the Temporal client, except a denied permission
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
