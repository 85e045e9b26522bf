/** One metric with all its label values, as it stands when it is scraped. */
export interface Family {
  readonly name: string;
  /** one sentence for whoever reads the scrape */
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labelNames: readonly string[];
  samples(): readonly Sample[];
}

/** One number of a family. */
export interface Sample {
  /** what follows the family's name */
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  /** the same object at every scrape, where it can be: its text is kept */
  readonly labels: Readonly<Record<string, string>>;
  /** upper bound of a bucket, the value of its label `le` */
  readonly bound?: string;
  readonly value: number;
}

/** What a family is made with. Label values must be few: names the operator gave, routes, and words of closed lists; never anything a client chose. */
export interface FamilyHead<Names extends readonly string[]> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: Names;
}

/** One value for each label name, in their order. */
export type LabelValues<Names extends readonly string[]> = { readonly [Index in keyof Names]: string };

/** A place in the tree of label values: one level for each label. */
interface Level<Member> {
  readonly below: Map<string, Level<Member>>;
  member: Member | undefined;
}

/** Members of a family by their label values, made when they are first asked for. A tree, because joining values to one key costs more than following them. */
export class Members<Names extends readonly string[], Member> {
  readonly #names: Names;
  readonly #make: () => Member;
  readonly #root: Level<Member> = { below: new Map(), member: undefined };
  readonly #all: { readonly labels: Readonly<Record<string, string>>; readonly member: Member }[] = [];

  constructor(names: Names, make: () => Member) {
    this.#names = names;
    this.#make = make;
  }

  /** The same member for the same values. */
  of(values: LabelValues<Names>): Member {
    let level = this.#root;
    for (const value of values) {
      let next = level.below.get(value);
      if (!next) level.below.set(value, (next = { below: new Map(), member: undefined }));
      level = next;
    }
    level.member ??= this.#add(values);
    return level.member;
  }

  #add(values: LabelValues<Names>): Member {
    const member = this.#make();
    this.#all.push({ labels: Object.fromEntries(this.#names.map((name, index) => [name, values[index] ?? ''])), member });
    return member;
  }

  samples(read: (member: Member, labels: Readonly<Record<string, string>>) => readonly Sample[]): readonly Sample[] {
    return this.#all.flatMap(({ labels, member }) => read(member, labels));
  }
}
