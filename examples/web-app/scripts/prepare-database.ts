import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { leads, users } from '../lib/schema';

/**
 * Makes the app's tables in DATABASE_URL, and a few leads and users of the two accounts that the
 * arguments name. The numbers are of the range that is reserved for fiction.
 */
const [ownId = '', otherId = ''] = process.argv.slice(2);
const sql = postgres(process.env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => undefined });
try {
  const database = drizzle(sql);
  await migrate(database, { migrationsFolder: fileURLToPath(new URL('../drizzle', import.meta.url)) });
  await database
    .insert(users)
    .values([
      {
        id: 'camille',
        name: 'Camille Roux',
        role: 'sender',
        accountId: ownId,
        accountName: 'Atelier du Port',
      },
      {
        id: 'ines',
        name: 'Inès Garnier',
        role: 'operator',
        accountId: ownId,
        accountName: 'Atelier du Port',
      },
      {
        id: 'noah',
        name: 'Noah Petit',
        role: 'sender',
        accountId: otherId,
        accountName: 'Garage des Halles',
      },
    ])
    .onConflictDoNothing();
  const lead = (
    accountId: string,
    huntId: string,
    number: number,
    name: string,
    adTitle: string,
    city: string,
  ) => ({
    id: `lead-${number}`,
    adId: `ad-${1000 + number}`,
    phone: `+336399810${String(number).padStart(2, '0')}`,
    accountId,
    huntId,
    name,
    adTitle,
    city,
  });
  await database
    .insert(leads)
    .values([
      lead(ownId, 'cargo-bikes', 41, 'Manon Lefèvre', 'Cargo bike, electric, two seats', 'Nantes'),
      lead(ownId, 'cargo-bikes', 42, 'Hugo Marchand', 'Long-tail, 2022, new battery', 'Rezé'),
      lead(ownId, 'cargo-bikes', 43, 'Sarah Benali', 'Front loader with rain cover', 'Saint-Herblain'),
      lead(ownId, 'cargo-bikes', 44, 'Lucas Moreau', 'Cargo bike for parts', 'Vertou'),
      lead(ownId, 'workbenches', 51, 'Jeanne Colin', 'Beech workbench, 2 m', 'Angers'),
      lead(ownId, 'workbenches', 52, 'Adam Perrin', 'Joiner’s bench, two vices', 'Cholet'),
      lead(otherId, 'vans', 61, 'Chloé Fabre', 'Van, 180,000 km, one owner', 'Lyon'),
    ])
    .onConflictDoNothing();
} finally {
  await sql.end();
}
