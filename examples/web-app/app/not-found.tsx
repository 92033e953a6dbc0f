import Link from 'next/link';

export default function NotFound() {
  return (
    <>
      <h1>Not found</h1>
      <p className="lede">There is no such page, or it is not for you.</p>
      <p>
        <Link href="/">All leads</Link>
      </p>
    </>
  );
}
