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
          '^src/data-converter/(payload-origin|clear-memo|payload-metadata)\\.ts$',
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
        pathNot: [
          '^src/(runs|domain|workflows)/',
          '^src/activities/ports\\.ts$',
          '^src/data-converter/(clear-memo|payload-metadata|payload-origin)\\.ts$',
        ],
      },
    },
    {
      name: 'client-stays-light',
      comment: 'The web app loads this: no database, no activities, no worker; of tracing the header only.',
      severity: 'error',
      from: { path: '^src/(client\\.ts|client/)' },
      to: {
        path: ['^src/', 'node_modules/@temporalio/(worker|activity|testing)/'],
        pathNot: [
          '^src/(client\\.ts|client/|workflows/|domain/|crypto/|runs/|data-converter/)',
          '^src/tracing/(in-span|trace-header)\\.ts$',
        ],
      },
    },
    {
      name: 'data-converter-knows-keys-and-errors',
      comment: 'Every process loads it, and the sandbox a part of it: of ours, the domain and what encrypts.',
      severity: 'error',
      from: { path: ROOM('data-converter') },
      to: {
        path: ['^src/', 'node_modules/@temporalio/(worker|activity|workflow|client|testing)/'],
        pathNot: ['^src/(data-converter|domain|crypto)/'],
      },
    },
    {
      name: 'what-the-sdk-loads-by-path-imports-nothing-of-ours',
      comment: 'The build compiles these two on their own, as CommonJS.',
      severity: 'error',
      from: { path: '^src/data-converter/(payload|failure)-converter\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'setup-knows-the-domain',
      severity: 'error',
      from: { path: ROOM('setup') },
      to: { path: '^src/', pathNot: '^src/(setup|domain)/' },
    },
    {
      name: 'metrics-and-tracing-know-ports-and-domain',
      severity: 'error',
      from: { path: '^src/(metrics|tracing)/' },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/(domain|activities)/'] },
    },
    {
      name: 'codec-server-has-payload-keys-only',
      comment: 'It decrypts for people: the keys of the API keys are not its business.',
      severity: 'error',
      from: { path: ROOM('codec-server') },
      to: {
        path: '^src/',
        pathNot: ['^src/(codec-server|data-converter|domain)/', '^src/crypto/payload-keys\\.ts$'],
      },
    },
    {
      name: 'nothing-imports-the-processes',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(worker|cli|codec-server)\\.ts$' },
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
    {
      name: 'unit-tests-need-no-server',
      comment: 'A test that does is named .integration.test.ts, or .slow.test.ts.',
      severity: 'error',
      from: { path: '^test/.*\\.test\\.ts$', pathNot: '\\.(integration|slow)\\.test\\.ts$' },
      to: {
        path: '^(test/support/(shared-parts|own-temporal|time-skipping)|src/dev/(temporal-server|embedded-postgres))\\.ts$',
        reachable: true,
      },
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
