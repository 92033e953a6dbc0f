import type { ParameterReader } from './parameters.js';

/**
 * The schemas that tables are looked for in: one name, as Prisma has it (`schema`), or a list as
 * PostgreSQL takes it (`search_path`; `currentSchema` of JDBC, `schema_search_path` of Rails).
 */
export function readSearchPath(reader: ParameterReader): string | undefined {
  const schema = reader.text('schema');
  if (schema !== undefined) return `"${schema.replaceAll('"', '""')}"`;
  return reader.text('search_path') ?? reader.text('currentSchema') ?? reader.text('schema_search_path');
}
