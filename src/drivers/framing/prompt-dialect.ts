/** How a prompt tells the status of the command before it. */
export interface StatusFraming {
  /** Put behind each command. */
  readonly suffix: string
  /** The end of a command, up to the end of the prompt after it; its first group is the status. */
  readonly end: RegExp
  /** The prompt alone, where it may come back without a status; `undefined` where `end` always comes. */
  readonly barePrompt: RegExp | undefined
  /** What stood before `end` -> what the command printed. */
  outputOf(text: string): string
}

export interface PromptDialect {
  /** `barebox`, `U-Boot`. */
  readonly name: string
  readonly status: StatusFraming
  /** The longest line the prompt is known to take, in characters. */
  readonly maximumLine: number
  /** How many characters less than it echoes a full line may have. */
  readonly spareOfLine: number
  /** The bootloader starting again, told from its own `version` command. */
  readonly restart: RegExp
  /** See `EchoingPrompt`. */
  readonly echoMs: number
  /** How long Ctrl-C may take to bring back the prompt. */
  readonly recoverMs: number
}
