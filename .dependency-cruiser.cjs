/** The directions of import; CONTRIBUTING.md says why. */
const ROOM = (name) => `^src/${name}/`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'src/domain runs inside the workflow sandbox: nothing but zod.',
      severity: 'error',
      from: { path: ROOM('domain') },
      to: { pathNot: ['^src/domain/', 'node_modules/zod/'] },
    },
    {
      name: 'workflows-see-the-domain-only',
      comment: 'From activities types only; they are erased before the sandbox is built.',
      severity: 'error',
      from: { path: ROOM('workflows') },
      to: {
        pathNot: [
          '^src/(workflows|domain)/',
          '^src/data-converter/(came-plain|clear-memo|payload-metadata)\\.ts$',
          'node_modules/@temporalio/(workflow|common)/',
          '^src/activities/types\\.ts$',
        ],
      },
    },
    {
      name: 'workflows-import-activity-types-only',
      severity: 'error',
      from: { path: ROOM('workflows') },
      to: { path: ROOM('activities'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-use-the-ports-they-are-given',
      severity: 'error',
      from: { path: ROOM('activities') },
      to: { pathNot: ['^src/(activities|domain)/', 'node_modules/@temporalio/(activity|common)/'] },
    },
    {
      name: 'adapters-know-the-domain-and-their-own-library',
      severity: 'error',
      from: { path: '^src/(provider|db|crypto)/' },
      to: { path: '^src/', pathNot: ['^src/domain/', '^src/$1/'] },
    },
    {
      name: 'runs-ask-temporal-only',
      comment: 'What Temporal knows of other runs: over the client SDK, for the port that activities name.',
      severity: 'error',
      from: { path: ROOM('runs') },
      to: {
        path: ['^src/', 'node_modules/@temporalio/(worker|activity|workflow|testing)/'],
        pathNot: ['^src/(runs|domain|workflows)/', '^src/activities/ports\\.ts$'],
      },
    },
    {
      name: 'client-stays-light',
      comment: 'The web app loads this: no database, no activities, no worker.',
      severity: 'error',
      from: { path: '^src/(client\\.ts|client/)' },
      to: {
        path: ['^src/(db|activities|provider|dev|cli)/', '^src/worker', 'node_modules/@temporalio/worker/'],
      },
    },
    {
      name: 'nothing-imports-the-processes',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(worker|cli)\\.ts$' },
    },
    {
      name: 'production-never-loads-development',
      severity: 'error',
      from: { path: '^src/', pathNot: ROOM('dev') },
      to: { path: ROOM('dev'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-development-dependency-in-production',
      severity: 'error',
      from: { path: '^src/', pathNot: ROOM('dev') },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
