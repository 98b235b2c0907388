/** Software that writes its name small, also where a sentence begins with it. */
const SMALL = /^(nginx|uvicorn|gunicorn|curl|httpx|aiohttp|urllib3)\b/

/** Words as a sentence: upper case at the beginning, a full stop at the end. */
export function sentence(words: string): string {
  return SMALL.test(words) ? `${words}.` : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
