/**
 * Whether a topic exchange sends a message with this routing key to a queue that is bound by this
 * pattern (AMQP 0-9-1, 3.1.3.3): words are parted by dots, `*` stands for one word, `#` for zero or
 * more. The empty text is no word at all; an empty text between two dots is a word.
 */
export function matchesTopic(pattern: string, routingKey: string): boolean {
  const words = wordsOf(routingKey);
  // reached[n]: the pattern up to here can end after n words. One pass a word of the pattern, so that
  // a pattern of many # costs no more than its length times that of the key.
  let reached = [true, ...words.map(() => false)];
  for (const part of wordsOf(pattern)) {
    reached = part === "#" ? afterAny(reached) : afterOne(reached, part, words);
  }
  return reached.at(-1) === true;
}

function wordsOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(".");
}

/** All places from the first that was reached. */
function afterAny(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, place) => first !== -1 && place >= first);
}

/** One word further, where the word is the right one. */
function afterOne(reached: readonly boolean[], part: string, words: readonly string[]): boolean[] {
  return reached.map((_, place) => {
    const isRight = part === "*" || words[place - 1] === part;
    return place > 0 && reached[place - 1] === true && isRight;
  });
}
