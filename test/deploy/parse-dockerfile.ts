/** One stage of a Dockerfile, its instructions in order. */
export interface DockerfileStage {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly { readonly keyword: string; readonly value: string }[];
}

/** Splits a Dockerfile into its stages; comments are dropped and continued lines joined. */
export function parseDockerfile(text: string): DockerfileStage[] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { name: string; from: string; instructions: { keyword: string; value: string }[] }[] = [];
  for (const line of lines) {
    const [, keyword = '', value = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [from = '', name = ''] = value.split(/\s+AS\s+/i);
      stages.push({ name, from, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push({ keyword, value });
    }
  }
  return stages;
}

/** The value of a stage's last instruction of a kind, which is the one that counts. */
export function lastValue(stage: DockerfileStage | undefined, keyword: string): string | undefined {
  return stage?.instructions.findLast((instruction) => instruction.keyword === keyword)?.value;
}
