import { z } from 'zod';
import { cleanEnvironment, problemOfCharacters, problemsOfTrust, type Environment } from './environment.js';

/**
 * Every problem of the environment, each naming its variable and the form it wants; never a value.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * The variables of a shape, from an environment.
 *
 * @param furtherProblems what several variables say together
 * @throws ConfigError with every problem at once
 */
export function parseEnvironment<S extends z.ZodRawShape>(
  shape: S,
  env: Environment,
  furtherProblems: (present: Environment) => string[] = () => [],
): z.infer<z.ZodObject<S>> {
  const present = cleanEnvironment(env);
  const garbled = problemsOfCharacters(shape, present);
  const result = z.object(shape).safeParse(present);
  const others = [
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...problemsOfTrust(present),
    ...furtherProblems(present),
  ].filter((problem) => !garbled.has(problem.split(':', 1)[0] ?? ''));
  const problems = [...garbled.values(), ...others];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/**
 * Of the variables that are read, and of the exporter's, which reads its own and sends some of them
 * as headers.
 */
function problemsOfCharacters(shape: z.ZodRawShape, present: Environment): Map<string, string> {
  const problems = new Map<string, string>();
  const exported = 'OTEL_EXPORTER_OTLP_ENDPOINT' in shape ? /^OTEL_/ : /^$/;
  for (const [name, value = ''] of Object.entries(present)) {
    if (!(name in shape || exported.test(name))) continue;
    const problem = problemOfCharacters(value);
    if (problem !== undefined) problems.set(name, `${name}: ${problem}`);
  }
  return problems;
}
