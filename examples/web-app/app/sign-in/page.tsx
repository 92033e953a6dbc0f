import type { Metadata } from 'next';
import { connection } from 'next/server';
import { database } from '@/lib/database';
import { users } from '@/lib/schema';
import { signIn } from '../actions';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage() {
  // Not while the app is built, when there is no database.
  await connection();
  const all = await database().select().from(users).orderBy(users.accountName, users.id);
  return (
    <>
      <h1>Sign in</h1>
      <p className="lede">A demo has no passwords: choose who you are.</p>
      <form action={signIn} className="people">
        {all.map(({ id, name, role, accountName }) => (
          <button key={id} type="submit" name="user" value={id} className="card">
            <strong>{name}</strong>
            <span>
              {role === 'operator' ? 'Operator' : 'Sender'} · {accountName}
            </span>
          </button>
        ))}
      </form>
    </>
  );
}
