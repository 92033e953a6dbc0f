import { defineConfig } from 'drizzle-kit';

/** For `npm run migrations`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/policies/tables.ts',
  out: './src/db/migrations',
  schemaFilter: ['durable_sms'],
});
