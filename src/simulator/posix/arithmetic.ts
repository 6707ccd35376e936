import { ShellSyntaxError } from './syntax.ts'

/** Variables as arithmetic sees them: text that holds a number. */
export interface ArithmeticVariables {
  get(name: string): string
  set(name: string, value: string): void
}

const token =
  /\s*(\d\w*|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|&&|\|\||[-+*/%&|^]=|<<|>>|[<>=!]=|[-+*/%<>&|^!~=?:,()])/y

const binaryOperators: readonly Readonly<Record<string, (left: bigint, right: bigint) => bigint>>[] = [
  { '|': (left, right) => left | right },
  { '^': (left, right) => left ^ right },
  { '&': (left, right) => left & right },
  { '==': (left, right) => truth(left === right), '!=': (left, right) => truth(left !== right) },
  {
    '<': (left, right) => truth(left < right),
    '>': (left, right) => truth(left > right),
    '<=': (left, right) => truth(left <= right),
    '>=': (left, right) => truth(left >= right),
  },
  { '<<': (left, right) => left << right, '>>': (left, right) => left >> right },
  { '+': (left, right) => left + right, '-': (left, right) => left - right },
  { '*': (left, right) => left * right, '/': divide, '%': remainder },
]

/** Evaluates `$(( ))` in 64-bit arithmetic. @throws ShellSyntaxError */
export function evaluateArithmetic(text: string, variables: ArithmeticVariables): string {
  return new Evaluator(text, variables).evaluate().toString()
}

class Evaluator {
  readonly #tokens: readonly string[]
  readonly #variables: ArithmeticVariables
  #at = 0

  constructor(text: string, variables: ArithmeticVariables) {
    this.#tokens = tokenize(text)
    this.#variables = variables
  }

  evaluate(): bigint {
    if (this.#tokens.length === 0) return 0n
    const value = this.#assignment()
    if (this.#at < this.#tokens.length) throw new ShellSyntaxError('arithmetic syntax error')
    return value
  }

  #assignment(): bigint {
    const name = this.#tokens[this.#at] ?? ''
    const operator = this.#tokens[this.#at + 1] ?? ''
    if (/^[A-Za-z_]/.test(name) && /^(?:[-+*/%&|^]|<<|>>)?=$/.test(operator)) {
      this.#at += 2
      const right = this.#assignment()
      const value = operator === '=' ? right : apply(operator.slice(0, -1), this.#variable(name), right)
      this.#variables.set(name, value.toString())
      return value
    }
    return this.#conditional()
  }

  #conditional(): bigint {
    const condition = this.#or()
    if (!this.#accept('?')) return condition
    const yes = this.#assignment()
    if (!this.#accept(':')) throw new ShellSyntaxError('arithmetic syntax error')
    const no = this.#conditional()
    return condition === 0n ? no : yes
  }

  #or(): bigint {
    let left = this.#and()
    while (this.#accept('||')) {
      const right = this.#and()
      left = truth(left !== 0n || right !== 0n)
    }
    return left
  }

  #and(): bigint {
    let left = this.#binary(0)
    while (this.#accept('&&')) {
      const right = this.#binary(0)
      left = truth(left !== 0n && right !== 0n)
    }
    return left
  }

  #binary(level: number): bigint {
    const operators = binaryOperators[level]
    if (operators === undefined) return this.#power()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = this.#tokens[this.#at] ?? ''
      const compute = Object.hasOwn(operators, operator) ? operators[operator] : undefined
      if (compute === undefined) return left
      this.#at += 1
      left = wrap(compute(left, this.#binary(level + 1)))
    }
  }

  #power(): bigint {
    const base = this.#unary()
    return this.#accept('**') ? wrap(base ** this.#power()) : base
  }

  #unary(): bigint {
    if (this.#accept('++')) return this.#step(1n, { before: true })
    if (this.#accept('--')) return this.#step(-1n, { before: true })
    if (this.#accept('-')) return wrap(-this.#unary())
    if (this.#accept('+')) return this.#unary()
    if (this.#accept('!')) return truth(this.#unary() === 0n)
    if (this.#accept('~')) return ~this.#unary()
    if (this.#accept('(')) {
      const value = this.#assignment()
      if (!this.#accept(')')) throw new ShellSyntaxError('arithmetic syntax error')
      return value
    }
    const operand = this.#tokens[this.#at] ?? ''
    this.#at += 1
    if (/^\d/.test(operand)) return number(operand)
    if (/^[A-Za-z_]/.test(operand)) {
      if (this.#tokens[this.#at] === '++') return this.#step(1n, { before: false })
      if (this.#tokens[this.#at] === '--') return this.#step(-1n, { before: false })
      return this.#variable(operand)
    }
    throw new ShellSyntaxError('arithmetic syntax error')
  }

  /** `++X` and `X++`: the variable's new value, or the one it had. */
  #step(by: bigint, { before }: { readonly before: boolean }): bigint {
    const name = this.#tokens[before ? this.#at : this.#at - 1] ?? ''
    this.#at += 1
    if (!/^[A-Za-z_]/.test(name)) throw new ShellSyntaxError('arithmetic syntax error')
    const old = this.#variable(name)
    this.#variables.set(name, wrap(old + by).toString())
    return before ? wrap(old + by) : old
  }

  #variable(name: string): bigint {
    const value = this.#variables.get(name).trim()
    return value === '' ? 0n : value.startsWith('-') ? -number(value.slice(1)) : number(value)
  }

  #accept(operator: string): boolean {
    if (this.#tokens[this.#at] !== operator) return false
    this.#at += 1
    return true
  }
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = []
  for (token.lastIndex = 0; /\S/.test(text.slice(token.lastIndex));) {
    const found = token.exec(text)?.[1]
    if (found === undefined) throw new ShellSyntaxError('arithmetic syntax error')
    tokens.push(found)
  }
  return tokens
}

function number(text: string): bigint {
  const octal = /^0[0-7]+$/.test(text)
  if (!octal && !/^(?:0[xX][\da-fA-F]+|0|[1-9]\d*)$/.test(text))
    throw new ShellSyntaxError('arithmetic syntax error')
  return BigInt(octal ? `0o${text.slice(1)}` : text)
}

function apply(operator: string, left: bigint, right: bigint): bigint {
  const level = binaryOperators.find((operators) => Object.hasOwn(operators, operator))
  return wrap(level?.[operator]?.(left, right) ?? 0n)
}

function divide(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new ShellSyntaxError('divide by zero')
  return left / right
}

function remainder(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new ShellSyntaxError('divide by zero')
  return left % right
}

function truth(value: boolean): bigint {
  return value ? 1n : 0n
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}
