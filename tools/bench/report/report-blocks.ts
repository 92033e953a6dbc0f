import type { MeasuredSystem } from '../results.js';
import { formatFigure, formatFixed, formatSpread, formatWithUnit, MISSING } from './format-figure.js';
import { findFigures, type Reference, type Summary } from './summarize.js';
import { evaluateTargets, type Target } from './targets.js';

/** One table of the report. */
export interface ReportBlock {
  readonly title: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** A column of a table; `texts` are long and may be wrapped. */
export interface ReportColumn {
  readonly head: string;
  readonly holds: 'names' | 'figures' | 'texts';
}

/** The load at which peers are shown with what they leave unprotected. */
const PEER_LOAD = 20;

const MIB = 2 ** 20;

/**
 * The tables of a report: one for each load, then costs, what peers leave unprotected, and the
 * targets.
 */
export function layOutBlocks(summary: Summary): ReportBlock[] {
  const peers = summary.systems.filter(({ unprotected }) => unprotected !== undefined);
  return [
    ...summary.loads.map((load) => layOutLoad(summary, load)),
    layOutCosts(summary.systems),
    ...(peers.length === 0 ? [] : [layOutPeers(summary, peers)]),
    layOutTargets(evaluateTargets(summary)),
  ];
}

function layOutLoad(summary: Summary, load: number): ReportBlock {
  return {
    title: `${load} in flight`,
    columns: [
      names('system'),
      ...figures('sends/s', '× three activities', '× one activity', '× nothing', 'p50', 'p99'),
      ...figures('worker CPU/send', 'server CPU/send'),
    ],
    rows: summary.systems.map(({ name, label }) => {
      const found = findFigures(summary, name, load);
      const ratio = (reference: Reference) =>
        formatFixed(found?.against[reference].sendsPerSecond?.median, 2);
      return [
        label,
        formatSpread(found?.sendsPerSecond),
        ratio('threeActivities'),
        ratio('oneActivity'),
        ratio('nothing'),
        formatWithUnit(found?.p50Ms, 'ms'),
        formatWithUnit(found?.p99Ms, 'ms'),
        formatWithUnit(found?.workerCpuMs, 'ms'),
        formatWithUnit(found?.serverCpuMs, 'ms'),
      ];
    }),
  };
}

function layOutCosts(systems: readonly MeasuredSystem[]): ReportBlock {
  return {
    title: 'What a send costs',
    columns: [names('system'), ...figures('events', 'bytes', 'billable actions', 'worker peak RSS')],
    rows: systems.map(({ label, cost, workerPeakRssBytes }) => [
      label,
      formatFixed(cost?.events),
      formatFixed(cost?.bytes),
      formatFixed(cost?.billableActions),
      workerPeakRssBytes === undefined ? MISSING : `${formatFixed(workerPeakRssBytes / MIB)} MiB`,
    ]),
  };
}

function layOutPeers(summary: Summary, peers: readonly MeasuredSystem[]): ReportBlock {
  return {
    title: 'What the others leave unprotected',
    columns: [
      names('system'),
      ...figures(`sends/s at ${PEER_LOAD}`),
      names('version'),
      texts('settings'),
      texts('unprotected'),
    ],
    rows: peers.map(({ name, label, version = MISSING, settings = MISSING, unprotected = [] }) => [
      label,
      formatFigure(findFigures(summary, name, PEER_LOAD)?.sendsPerSecond?.median),
      version,
      settings,
      unprotected.length === 0 ? 'nothing' : unprotected.join('; '),
    ]),
  };
}

function layOutTargets(targets: readonly Target[]): ReportBlock {
  return {
    title: 'Targets of durable-sms',
    columns: [names('target'), ...figures('in flight', 'wanted', 'measured'), names('')],
    rows: targets.map(({ name, atLoad, wanted, measured, isMet, isRatio }) => [
      name,
      formatFixed(atLoad),
      wanted,
      // To three digits, so that what just missed its bound does not read as the bound.
      isRatio && measured !== undefined ? `${formatFixed(measured, 3)} ×` : formatFixed(measured),
      isMet === undefined ? 'not measured' : isMet ? 'met' : 'missed',
    ]),
  };
}

function names(head: string): ReportColumn {
  return { head, holds: 'names' };
}

function texts(head: string): ReportColumn {
  return { head, holds: 'texts' };
}

function figures(...heads: string[]): ReportColumn[] {
  return heads.map((head) => ({ head, holds: 'figures' }));
}
