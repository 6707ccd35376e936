import { duration } from '../../board/option-types.ts'

/** Options that every prompt has. Defaults suit a UART at 9600 baud and more. */
export const promptOptions = {
  echoTimeout: duration(
    'How long the echo of a line may take, beyond its time on the wire, before it is typed again.',
  ).prefault('1s'),
  recoveryTimeout: duration(
    'How long Ctrl-C may take to bring the prompt back after a command that did not end in time.',
  ).prefault('7s'),
}
