/** The syntax tree of the POSIX shell language (IEEE Std 1003.1-2017, chapter 2). */

export type Word = readonly WordPart[]

export type WordPart =
  /** `quoted` text is neither split nor a pattern. */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'parameter'; readonly parameter: Parameter; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly script: Script; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }

export type ParameterOperator = '-' | ':-' | '=' | ':=' | '?' | ':?' | '+' | ':+' | '%' | '%%' | '#' | '##'

export interface Parameter {
  readonly name: string
  readonly modifier:
    | undefined
    | { readonly operator: 'length' }
    | { readonly operator: ParameterOperator; readonly word: Word }
}

export interface Redirect {
  readonly fd: number
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | 'here'
  readonly target: Word
}

export interface Script {
  readonly items: readonly ListItem[]
}

export interface ListItem {
  readonly command: AndOr
  readonly background: boolean
}

export interface AndOr {
  readonly first: Pipeline
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[]
}

export interface Pipeline {
  readonly negated: boolean
  readonly commands: readonly Command[]
}

export interface CaseItem {
  readonly patterns: readonly Word[]
  readonly body: Script
}

export type Command =
  | {
      readonly kind: 'simple'
      readonly assignments: readonly { readonly name: string; readonly value: Word }[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly kind: 'group'; readonly body: Script; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'subshell'; readonly body: Script; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly condition: Script; readonly body: Script }[]
      readonly otherwise: Script | undefined
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly kind: 'loop'
      readonly until: boolean
      readonly condition: Script
      readonly body: Script
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly kind: 'for'
      readonly name: string
      /** `undefined`: the positional parameters. */
      readonly words: readonly Word[] | undefined
      readonly body: Script
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly kind: 'case'
      readonly subject: Word
      readonly items: readonly CaseItem[]
      readonly redirects: readonly Redirect[]
    }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly body: Command
      readonly redirects: readonly Redirect[]
    }

/** The text is no shell program. */
export class ShellSyntaxError extends Error {}

/** The text ends in the middle: an interactive shell asks for more. */
export class IncompleteInput extends ShellSyntaxError {}
