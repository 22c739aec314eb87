// fake.mjs -- people and firms that cannot exist: numbers valid in form, with
// an area code that was never issued (4399xx), deterministic for one seed.
const NEVER_ISSUED = '4399';	// of these the sample city itself uses 439901
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高唐蒋欧阳邓肖曾彭吕魏'.split('');
const GIVEN = '志明雅婷建国思远晓燕文博丽娟子轩欣怡海涛佳慧俊杰梦瑶永强春兰'.split('');

// sfc32: 128 bits of state, so that the sequences of two test files never run
// into each other. The same `words` begin the same sequence.
export class Random {
  constructor(...words) {
    const [a = 1, b = 0, c = 0] = words;
    this.state = [a | 0, b | 0, c | 0, 1];
    for (let i = 0; i < 15; i++) this.next();
  }
  next() {
    let [a, b, c, d] = this.state;
    const t = (a + b + d) | 0;
    a = b ^ (b >>> 9); b = (c + (c << 3)) | 0; c = ((c << 21) | (c >>> 11)) + t | 0;
    this.state = [a, b, c, (d + 1) | 0];
    return (t >>> 0) / 0x100000000;
  }
  int(n) { return Math.floor(this.next() * n); }
  pick(list) { return list[this.int(list.length)]; }
  digits(n) { let s = ''; while (s.length < n) s += this.int(10); return s; }
}

export function idCheckDigit(first17) {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(first17[i]) * ID_WEIGHTS[i];
  return '10X98765432'[sum % 11];
}

// `sex` 1 or 2; either when it is not said.
export function idNumber(random, birthOn, sex) {
  const area = NEVER_ISSUED + String(2 + random.int(98)).padStart(2, '0');
  let serial = random.digits(3);
  if (sex && Number(serial) % 2 !== sex % 2) serial = String((Number(serial) + 1) % 1000).padStart(3, '0');
  const head = area + birthOn.replaceAll('-', '') + serial;
  return head + idCheckDigit(head);
}

// A day of one of these years, so that many people can be made.
export function bornIn(random, from, to) {
  const two = (n) => String(n).padStart(2, '0');
  return `${from + random.int(to - from + 1)}-${two(1 + random.int(12))}-${two(1 + random.int(28))}`;
}

// GB 32100: registration 9, kind 1, area, organisation code with its own
// mod-11 digit (GB 11714), check character mod 31.
export function uscc(random, kind = '1') {
  let body = 'MA';
  while (body.length < 8) body += random.pick([...USCC_ALPHABET]);
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  const value = (c) => (c <= '9' ? Number(c) : c.charCodeAt(0) - 55);
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += value(body[i]) * weights[i];
  const digit = (11 - (sum % 11)) % 11;
  const head = `9${kind}${NEVER_ISSUED}02${body}${digit === 10 ? 'X' : digit}`;
  let total = 0, w = 1;
  for (const c of head) { total += USCC_ALPHABET.indexOf(c) * w; w = (w * 3) % 31; }
  return head + USCC_ALPHABET[(31 - (total % 31)) % 31];
}

export function name(random) {
  return random.pick(SURNAMES) + random.pick(GIVEN) + (random.int(2) ? random.pick(GIVEN) : '');
}

export function phone(random) { return `1${3 + random.int(7)}${random.digits(9)}`; }
