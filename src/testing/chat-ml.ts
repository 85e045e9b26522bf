/** The control token that starts the script for conversations whose last message has this role. */
export function afterToken(role: string): string {
  return `<|after_${role}|>`;
}

/**
 * A chat template in ChatML: `<|im_start|>role\ncontent<|im_end|>\n` for each message, and `<|im_start|>assistant\n` to begin the answer,
 * followed by `<|after_ROLE|>` where the last message has one of `afterRoles`. It knows no tools.
 */
export function chatMlTemplate(afterRoles: readonly string[]): string {
  const starts = afterRoles.map((role) => `{% if (messages | last).role == '${role}' %}{{ '${afterToken(role)}' }}{% endif %}`);
  return (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + (message.content or '') + '<|im_end|>\\n' }}{% endfor %}" +
    `{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}${starts.join('')}{% endif %}`
  );
}
