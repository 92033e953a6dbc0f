/** The directions of import; CONTRIBUTING.md says why. */
const FOLDER = (name) => `^src/${name}/`;

/** What runs in the workflow sandbox, too: no node modules. */
const PAYLOAD_MARKS = '^src/encryption/(payload-origin|plaintext-memo|payload-metadata)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      comment: 'src/domain runs inside the workflow sandbox: nothing but zod.',
      severity: 'error',
      from: { path: FOLDER('domain') },
      to: { pathNot: ['^src/domain/', 'node_modules/zod/'] },
    },
    {
      name: 'workflows-see-the-domain-only',
      comment: 'From activities types only; they are erased before the sandbox is built.',
      severity: 'error',
      from: { path: FOLDER('workflows') },
      to: {
        pathNot: [
          '^src/(workflows|domain)/',
          PAYLOAD_MARKS,
          'node_modules/@temporalio/(workflow|common)/',
          '^src/activities/types\\.ts$',
        ],
      },
    },
    {
      name: 'workflows-import-activity-types-only',
      severity: 'error',
      from: { path: FOLDER('workflows') },
      to: { path: FOLDER('activities'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'activities-use-the-ports-they-are-given',
      severity: 'error',
      from: { path: FOLDER('activities') },
      to: {
        pathNot: [
          '^src/(activities|domain|policies|phone-numbers)/',
          'node_modules/@temporalio/(activity|common)/',
        ],
      },
    },
    {
      name: 'adapters-know-the-domain-and-their-own-library',
      severity: 'error',
      from: { path: '^src/(provider|encryption)/' },
      to: { path: '^src/', pathNot: ['^src/domain/', '^src/$1/'] },
    },
    {
      name: 'database-knows-domain-and-policies',
      severity: 'error',
      from: { path: FOLDER('db') },
      to: { path: '^src/', pathNot: '^src/(db|domain|policies)/' },
    },
    {
      name: 'policies-are-pure',
      comment: 'Who may be written to, and when: no database, no clock, no Temporal.',
      severity: 'error',
      from: { path: FOLDER('policies') },
      to: {
        pathNot: [
          '^src/(policies|domain|phone-numbers)/',
          'node_modules/(countries-and-timezones|libphonenumber-js)/',
        ],
      },
    },
    {
      name: 'phone-numbers-are-pure',
      comment: 'Client, policies and activities read numbers alike.',
      severity: 'error',
      from: { path: FOLDER('phone-numbers') },
      to: { pathNot: ['^src/phone-numbers/', 'node_modules/libphonenumber-js/'] },
    },
    {
      name: 'policies-are-neither-replayed-nor-in-the-web-app',
      comment: 'Zone data differs between versions of Node, and so between a run and its replay.',
      severity: 'error',
      from: { path: '^src/(workflows/|client\\.ts|client/)' },
      to: { path: FOLDER('policies'), reachable: true },
    },
    {
      name: 'temporal-asks-the-server-only',
      comment:
        'Connections, listings, histories and claims: over the client SDK, for the ports that activities name.',
      severity: 'error',
      from: { path: FOLDER('temporal') },
      to: {
        path: ['^src/', 'node_modules/@temporalio/(worker|activity|workflow|testing)/'],
        pathNot: ['^src/(temporal|domain|workflows)/', '^src/activities/ports\\.ts$', PAYLOAD_MARKS],
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
          '^src/(client\\.ts|client/|workflows/|domain/|encryption/|temporal/|phone-numbers/)',
          '^src/observability/(in-span|trace-header)\\.ts$',
        ],
      },
    },
    {
      name: 'client-needs-few-packages',
      comment: 'Each one is installed in every web app: scripts/pack/manifests.ts lists them.',
      severity: 'error',
      from: {
        path: '^src/(client|crypto|errors|text)(\\.ts$|/)',
        pathNot: '^src/client/start-in-span\\.ts$',
      },
      to: {
        path: 'node_modules/',
        pathNot: ['node_modules/@temporalio/(client|common|proto)/', 'node_modules/(libphonenumber-js|zod)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'policies-client-stays-light',
      comment: 'The web app loads this beside the client: numbers, the database, the rules; no Temporal.',
      severity: 'error',
      from: { path: '^src/(policies-client\\.ts|policies-client/)' },
      to: {
        path: ['^src/', 'node_modules/'],
        pathNot: [
          '^src/(policies-client/|domain/|db/policy-store/|db/address/)',
          '^src/policies/sending-policy\\.ts$',
          '^src/phone-numbers/',
          'node_modules/libphonenumber-js/',
        ],
      },
    },
    {
      name: 'policies-client-needs-no-orm',
      comment: 'Its only package of its own is the driver, an optional peer of what web apps install.',
      severity: 'error',
      from: { path: '^src/(policies-client\\.ts|policies-client/|db/policy-store/)' },
      to: { path: 'node_modules/(drizzle-orm|@temporalio|countries-and-timezones)/', reachable: true },
    },
    {
      name: 'only-one-file-of-the-client-loads-tracing',
      comment: 'It is loaded on demand, as OpenTelemetry is an optional peer.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: '^src/client/start-in-span\\.ts$' },
      to: { path: FOLDER('observability') },
    },
    {
      name: 'texts-are-counted-in-browsers-too',
      severity: 'error',
      from: { path: '^src/(text|domain/(segments|message-text))\\.ts$' },
      to: { pathNot: '^src/domain/(segments|message-text)\\.ts$' },
    },
    {
      name: 'encryption-knows-no-side-of-temporal',
      comment: 'Every process loads it, and the sandbox a part of it.',
      severity: 'error',
      from: { path: FOLDER('encryption') },
      to: { path: 'node_modules/@temporalio/(worker|activity|workflow|client|testing)/' },
    },
    {
      name: 'what-the-sdk-loads-by-path-imports-nothing-of-ours',
      comment: 'The build compiles these two on their own, as CommonJS.',
      severity: 'error',
      from: { path: '^src/encryption/(payload|failure)-converter\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'observability-knows-ports-and-domain',
      severity: 'error',
      from: { path: FOLDER('observability') },
      to: { path: '^src/', pathNot: '^src/(observability|domain|activities)/' },
    },
    {
      name: 'codec-server-has-payload-keys-only',
      comment: 'It decrypts for people: the keys of the API keys are not its business.',
      severity: 'error',
      from: { path: FOLDER('codec-server') },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(codec-server|domain)/',
          '^src/encryption/(payload-keys|payload-codec|payload-converter|data-converter)\\.ts$',
          PAYLOAD_MARKS,
        ],
      },
    },
    {
      name: 'nothing-imports-the-processes',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(worker|cli|codec-server)\\.ts$' },
    },
    {
      name: 'the-product-knows-no-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tools|test|scripts|examples)/' },
    },
    {
      name: 'no-development-dependency-in-production',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-simulator-stands-alone',
      comment: 'Its image holds nothing else of ours.',
      severity: 'error',
      from: { path: '^tools/simulator/' },
      to: { path: '^(src|tools|test|scripts)/', pathNot: '^tools/simulator/' },
    },
    {
      name: 'unit-tests-need-no-server',
      comment: 'A test that does is named .integration.test.ts, or .slow.test.ts.',
      severity: 'error',
      from: { path: '^test/.*\\.test\\.ts$', pathNot: '\\.(integration|slow)\\.test\\.ts$' },
      to: {
        path: '^(test/support/(shared-parts|own-temporal|time-skipping)|tools/servers/(temporal-server|embedded-postgres))\\.ts$',
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
