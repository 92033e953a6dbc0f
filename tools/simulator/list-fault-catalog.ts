/** The lists that the API gives, by the first word of their faults, with their names for people. */
export const LISTS = {
  log: 'List of sent messages',
  inbox: 'Inbox',
  typed: 'Typed on the phone',
  phones: 'List of phones',
} as const;

/** Every fault that a read of a list can meet, with one line for people. */
export const LIST_FAULTS = {
  '403': '403 key refused',
  '429': '429 with Retry-After',
  '500': '500',
  '503': '503',
  html: '200 with an HTML page',
  'no-array': '200, the list is not an array',
  empty: '200, the list is empty',
  'empty-body': '200 with an empty body',
  'invalid-json': '200 with invalid JSON',
  'cut-off': '200, body cut, then reset',
  'missing-rows': 'rows are missing',
  slow: 'answers late',
  'slow-body': 'body arrives slowly',
  stall: 'never answers',
  reset: 'reset',
} as const;

/** A list, by the first word of its faults. */
export type ListName = keyof typeof LISTS;
/** What can go wrong with a list, whichever it is. */
export type ListFaultName = keyof typeof LIST_FAULTS;
/** A fault of a list, such as `inbox-503`. */
export type ListFaultKind = `${ListName}-${ListFaultName}`;
/** A fault of the list of sent messages. */
export type SentMessagesFaultKind = `log-${ListFaultName}`;

const NAMES = Object.keys(LIST_FAULTS) as ListFaultName[];

/** The kinds of one list's faults, in the order of the documentation. */
export function listFaultKinds<List extends ListName>(list: List): `${List}-${ListFaultName}`[] {
  return NAMES.map((name) => `${list}-${name}` as const);
}

/** The kinds of all lists' faults, in the order of the documentation. */
export const LIST_FAULT_KINDS: readonly ListFaultKind[] = (Object.keys(LISTS) as ListName[]).flatMap((list) =>
  listFaultKinds(list),
);

/** The list of a fault, and what goes wrong with it. */
export function splitListFault(kind: ListFaultKind): { list: ListName; name: ListFaultName } {
  const at = kind.indexOf('-');
  return { list: kind.slice(0, at) as ListName, name: kind.slice(at + 1) as ListFaultName };
}
