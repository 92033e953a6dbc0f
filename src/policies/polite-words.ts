import type { WordList } from './opt-out-words.js';

/** What people add out of politeness, and whom they mean: each entry counts as one. */
export const POLITE_WORDS: WordList = {
  en: `
    please, pls, plz, thanks, thank you, thank you very much, thx, ty, hi, hello, sir, sorry
    me, now, regards, kind regards, best regards, no thanks, no thank you
  `,
  fr: `
    merci, merci beaucoup, merci bien, merci d avance, mercii, svp, stp, s il vous plait
    s il te plait, sil vous plait, sil te plait, bonjour, bjr, bonsoir, bsr, salut, madame
    monsieur, cordialement, cdt, bonne journee, bonne soiree, desole, moi, non merci
  `,
  de: `
    bitte, danke, danke schon, vielen dank, hallo, guten tag, guten morgen, mich, mfg
    mit freundlichen grussen, viele grusse, nein danke
  `,
  es: `
    por favor, porfavor, porfa, gracias, muchas gracias, hola, buenos dias, buenas tardes
    no gracias, un saludo, saludos
  `,
  it: `
    per favore, per piacere, perfavore, grazie, grazie mille, ciao, buongiorno, buonasera
    no grazie, cordiali saluti, saluti
  `,
  nl: `
    alstublieft, alsjeblieft, aub, ajb, a u b, dank u, dank u wel, dank je, dank je wel
    dankjewel, bedankt, goedendag, goedemorgen, mij, groeten, nee bedankt, nee dank u
  `,
  pt: `
    obrigado, obrigada, muito obrigado, muito obrigada, ola, oi, bom dia, boa tarde
    se faz favor, nao obrigado, nao obrigada
  `,
};

/** What stands before a short code: “STOP au 36180”. */
export const BEFORE_CODE: WordList = { all: 'au, a, to, an, al, aan, ao, para' };
