import { HilError, type Blame } from '../../core/errors.ts'
import { quoteCommand } from '../framing/command-errors.ts'
import { said } from './run-ok.ts'

/**
 * What bootloaders say when the cause is not the board: barebox's and U-Boot's own words, first match
 * first.
 */
const causes: readonly { readonly said: RegExp; readonly blame: Blame }[] = [
  {
    said: /TFTP error:|Retry count exceeded|ARP Retry|\*\*\* ERROR: `?'?(?:serverip|ipaddr)/,
    blame: 'infrastructure',
  },
  { said: /Connection timed out|Network is (?:down|unreachable)|No route to host/, blame: 'infrastructure' },
  {
    said: /Bad Linux ARM64 Image magic|Wrong Image Format|can't get kernel image|Bad (?:Data )?Hash|Bad FIT kernel image format|Could not find configuration node|inflate\(\) returned/,
    blame: 'payload',
  },
  {
    said: /FIT: data not found|hash BAD|Cannot open FIT image configuration|no image handler found|signature BAD|no FIT image, aborting/,
    blame: 'payload',
  },
]

/** The error for a boot command that came back to the prompt. */
export function bootFailed(bootloader: string, command: string, output: string): HilError {
  const cause = causes.find((candidate) => candidate.said.test(output))
  const text = output.replace(/^\n/, '')
  return new HilError(
    'boot.failed',
    `${bootloader} did not boot with ${quoteCommand(command)}: ${said(reasonIn(text))}`,
    {
      blame: cause?.blame ?? 'board',
      details: { command, output: text },
    },
  )
}

/** The lines that tell why, without the prompt behind them; everything where none stands out. */
function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => !/\]? $/.test(line) || line.length > 200)
  const telling = lines.filter((line) =>
    /error|fail|not found|no such|invalid|bad |abort|cannot|could not|unable|nothing bootable|no valid|retry count/i.test(
      line,
    ),
  )
  return (telling.length > 0 ? telling : lines).join('\n')
}
