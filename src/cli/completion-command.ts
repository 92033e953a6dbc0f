import { Argument, Command } from 'commander';
import type { CliRun } from './cli-run.js';

const HELP = `
Examples:
  eval "$(npx durable-sms completion bash)"     in ~/.bashrc
  eval "$(npx durable-sms completion zsh)"      in ~/.zshrc`;

/** zsh understands bash's completion after this. */
const BASH_COMPLETION_IN_ZSH = 'autoload -Uz compinit bashcompinit && compinit && bashcompinit\n';

/** `durable-sms completion`. */
export function completionCommand(cli: CliRun): Command {
  const command = new Command('completion')
    .description('print a shell script that completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh']))
    .addHelpText('after', HELP);
  return command.action((shell: string) => {
    const program = command.parent ?? command;
    cli.stdout.write(`${shell === 'zsh' ? BASH_COMPLETION_IN_ZSH : ''}${completionScript(program)}`);
  });
}

/** A bash script that completes the commands and options of a program. */
function completionScript(program: Command): string {
  const cases = candidatesOf(program, '').map(
    ({ path, words }) => `    ${path}) words='${words.join(' ')}' ;;`,
  );
  return `_durable_sms() {
  local word path='' words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="$path $word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _durable_sms durable-sms sms
`;
}

/** What can follow each path of commands; a path is a pattern of the shell. */
function candidatesOf(command: Command, path: string): { path: string; words: string[] }[] {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const words = [...command.commands.map((child) => child.name()), ...choices, ...options, '--help'];
  const children = command.commands.flatMap((child) => candidatesOf(child, `${path} ${child.name()}`));
  // A command keeps its options after its arguments.
  return [...children, { path: path === '' ? "''" : `'${path}'|'${path} '*`, words }];
}
