import fc from 'fast-check';
import { checkHours, clockChanges, hoursCases } from './hours-cases.js';

/** Zones with a peculiarity each; the slow lane has all of them. */
const ZONES = [
  'Europe/Paris',
  'America/New_York',
  'Australia/Lord_Howe', // changes by half an hour
  'Africa/Casablanca', // changes for Ramadan
  'America/St_Johns', // is off by half an hour
  'Pacific/Chatham', // is off by a quarter
  'Antarctica/Troll', // changes by two hours
  'Asia/Beirut', // changes at midnight
  'America/Havana', // changes at midnight, and at 1:00
  'Pacific/Kiritimati', // is 14 h ahead
  'Indian/Reunion',
];

describe('the sending hours and a second implementation', () => {
  for (const zone of ZONES)
    it(`agree in ${zone}`, () => {
      const around = clockChanges(zone);
      fc.assert(
        fc.property(hoursCases(around), (one) => {
          checkHours(zone, one);
        }),
        { seed: 20260329, numRuns: 60 },
      );
    });
});
