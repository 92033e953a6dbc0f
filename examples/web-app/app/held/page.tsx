import type { Metadata } from 'next';
import { History } from '@/components/history';
import { RefreshEvery } from '@/components/refresh-every';
import { requireRole } from '@/lib/session';

export const metadata: Metadata = { title: 'Held sends' };

export default async function HeldPage() {
  const { accountId } = await requireRole('operator');
  return (
    <>
      <RefreshEvery seconds={5} />
      <h1>Held sends</h1>
      <p className="lede">
        It is not known whether these messages were sent, so nothing sends them again until you decide.
      </p>
      <div className="card">
        <History filter={{ accountId, status: 'held' }} empty="Nothing to decide." />
      </div>
    </>
  );
}
