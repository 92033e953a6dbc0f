const TIMESTAMP = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

const TIME = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'medium' });
const DATE_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** A moment as people in France read it; the same on the server and in every browser. */
export function When({ at }: { at: string }) {
  return <time dateTime={at}>{DATE_AND_TIME.format(new Date(at))}</time>;
}

/** What is further away than this is shown with its day. */
const SOON_MS = 12 * 3_600_000;

function Soon({ at }: { at: string }) {
  const isSoon = Math.abs(Date.parse(at) - Date.now()) < SOON_MS;
  return <time dateTime={at}>{(isSoon ? TIME : DATE_AND_TIME).format(new Date(at))}</time>;
}

/** A sentence about a send, whose times are in UTC; without how to decide in a shell. */
export function Sentence({ text }: { text: string }) {
  return (
    <>
      {text
        .replace(/ Decide with [^.]*\./, '')
        .split(TIMESTAMP)
        .map((part, index) => (index % 2 === 0 ? part : <Soon key={index} at={part} />))}
    </>
  );
}
