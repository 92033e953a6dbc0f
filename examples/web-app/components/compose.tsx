'use client';

import { countSegments } from 'durable-sms/text';
import { useActionState, useId, useState } from 'react';
import { sendMessage } from '@/app/actions';

/** Writes one SMS. `number` says which send of this lead it is: the idempotency key. */
export function Compose({ leadId, number, name }: { leadId: string; number: number; name: string }) {
  const [state, action, isPending] = useActionState(sendMessage, {});
  const [text, setText] = useState('');
  const id = useId();
  return (
    <form
      action={action}
      className="card"
      // A browser that goes back would fill in the old text beside the next number.
      autoComplete="off"
    >
      <input type="hidden" name="leadId" value={leadId} />
      <input type="hidden" name="number" value={number} />
      <label htmlFor={id}>Message to {name}</label>
      <textarea
        id={id}
        name="message"
        rows={5}
        required
        defaultValue={state.message}
        onChange={(event) => {
          setText(event.target.value);
        }}
        aria-describedby={`${id}-count ${id}-error`}
        aria-invalid={state.error !== undefined}
      />
      <p id={`${id}-error`} role="alert" className="error">
        {state.error}
      </p>
      <div className="row">
        <Count id={`${id}-count`} text={text === '' ? (state.message ?? '') : text} />
        <button type="submit" disabled={isPending}>
          {isPending ? 'Sending …' : 'Send'}
        </button>
      </div>
    </form>
  );
}

function Count({ id, text }: { id: string; text: string }) {
  const { encoding, segments, unitsLeft } = countSegments(text);
  return (
    <p id={id} className="count">
      <output>
        <strong>{segments === 1 ? '1 SMS' : `${segments} SMS`}</strong>, {unitsLeft} characters left
      </output>
      {encoding === 'UCS-2' && (
        <span> · “{firstOutside(text)}” is not in the SMS alphabet, so each SMS holds fewer characters</span>
      )}
    </p>
  );
}

function firstOutside(text: string): string | undefined {
  return [...text].find((character) => countSegments(character).encoding === 'UCS-2');
}
