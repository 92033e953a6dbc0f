import 'server-only';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { cookies } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { database } from './database';
import { users } from './schema';
import { setting } from './settings';

/** Who is signed in. */
export type Session = typeof users.$inferSelect;

const COOKIE = 'session';
const LIFETIME_S = 8 * 3600;

/** Signs a user in, for the demo without a password. */
export async function signInAs(userId: string): Promise<void> {
  const content = `${userId}.${Date.now() + LIFETIME_S * 1000}`;
  const jar = await cookies();
  jar.set(COOKIE, `${content}.${sign(content)}`, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: LIFETIME_S,
  });
}

/** Signs the user out. */
export async function signOut(): Promise<void> {
  (await cookies()).delete(COOKIE);
}

/** Who is signed in, if anyone is; read once per request. */
export const currentSession = cache(async (): Promise<Session | undefined> => {
  const userId = readCookie((await cookies()).get(COOKIE)?.value);
  if (userId === undefined) return undefined;
  const [user] = await database().select().from(users).where(eq(users.id, userId));
  return user;
});

/** Who is signed in; anyone else goes to sign in. */
export async function requireSession(): Promise<Session> {
  return (await currentSession()) ?? redirect('/sign-in');
}

/** The same for one role; for the other, the page is not there. */
export async function requireRole(role: Session['role']): Promise<Session> {
  const session = await requireSession();
  if (session.role !== role) notFound();
  return session;
}

/** The user id of a cookie that was signed here and has not expired. */
function readCookie(value: string | undefined): string | undefined {
  const [userId, expiresAt, signature, ...rest] = value?.split('.') ?? [];
  if (userId === undefined || expiresAt === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(`${userId}.${expiresAt}`))];
  const isGenuine = given.length === wanted.length && timingSafeEqual(given, wanted);
  return isGenuine && Number(expiresAt) > Date.now() ? userId : undefined;
}

function sign(content: string): string {
  return createHmac('sha256', setting('SESSION_SECRET')).update(content).digest('base64url');
}
