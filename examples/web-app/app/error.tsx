'use client';

export default function Failure({ reset }: { reset: () => void }) {
  return (
    <>
      <h1>Something went wrong</h1>
      <p className="lede">Nothing is sent twice if you try again.</p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </>
  );
}
