import type { Metadata, Viewport } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { currentSession } from '@/lib/session';
import { leave } from './actions';
import './style.css';

export const metadata: Metadata = {
  title: { default: 'Leads', template: '%s · Leads' },
  description: 'An example of durable-sms in Next.js',
};

export const viewport: Viewport = { colorScheme: 'light dark' };

export default async function Layout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  return (
    <html lang="en">
      <body>
        <a className="skip" href="#content">
          Skip to the content
        </a>
        <header className="bar">
          <Link href="/" className="brand">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z" />
            </svg>
            Leads
          </Link>
          {session !== undefined && (
            <>
              <nav aria-label="Main">
                {session.role === 'sender' && <Link href="/">All leads</Link>}
                {session.role === 'operator' && <Link href="/held">Held sends</Link>}
              </nav>
              <form action={leave} className="who">
                <span>
                  {session.name}
                  <small>{session.accountName}</small>
                </span>
                <button type="submit" className="second">
                  Sign out
                </button>
              </form>
            </>
          )}
        </header>
        <main id="content">{children}</main>
      </body>
    </html>
  );
}
