/** Words and phrases, by language: separated by commas and line ends. */
export type WordList = Readonly<Record<string, string>>;

/**
 * Words that mean an opt-out when they stand alone, or with politeness: the providers' keywords
 * (Twilio, AWS), their forms in seven languages, and how people misspell them.
 */
export const KEYWORDS: WordList = {
  all: `
    stop, stopp, stopall, stopsms, stoppub, optout, стоп
  `,
  en: `
    unsubscribe, unsubscribed, unsubcribe, unsuscribe
  `,
  fr: `
    arret, arrets, arrete, arretes, arreter, arretez, aret, areter, aretez, arette, arettez
    arrette, arrettez, stopper, stoppez, stoper, stopez, desabonner, desabonne, desabonnez
    desabonnement, desabonnes, desabo, desabonnements, desinscrire, desinscris, desinscrit
    desinscrivez, desinscription, desincription, desincrire, desinscrir
  `,
  de: `
    abmelden, abmeldung, abbestellen, abbestellung, austragen, stoppen
  `,
  es: `
    baja, parar, pare, paren, parad, desuscribir, desuscribirme, desuscribirse, desapuntar
  `,
  it: `
    basta, disiscrivi, disiscrivimi, disiscrivermi, disiscrivetemi, disiscrizione, cancellami
    cancellatemi
  `,
  nl: `
    afmelden, afmelding, uitschrijven, uitschrijving, stopzetten
  `,
  pt: `
    sair, descadastrar, descadastre, desinscrever
  `,
};

/**
 * Keywords of the providers that are ordinary words: an opt-out when nothing else is in the text.
 */
export const ORDINARY_KEYWORDS: WordList = { en: 'end, quit, cancel, revoke, remove, td' };

/**
 * Words that may mean an opt-out when nothing but politeness is beside them: slips of `stop` that
 * mean nothing else (`top`, `step` and `shop` do, and `stp` is a French “please”), and words for
 * “end” and “cancel” in other languages.
 */
export const LIKELY_WORDS: WordList = {
  all: 'stpo, sotp, tsop, stoop, sttop, sstop',
  fr: 'annuler, annulez, annule, resilier, resiliez, resiliation, fin',
  de: 'kündigen, kündigung, stornieren, ende',
  es: 'cancelar, cancela',
  it: 'annulla, annullare',
  nl: 'annuleren, opzeggen',
};

/**
 * Requests that leave no doubt: alone an opt-out, and in a text of any length a possible one.
 */
export const PHRASES: WordList = {
  en: `
    opt out, opt me out, stop all, stop sms, stop messages, stop messaging, stop messaging me
    stop texting, stop texting me, stop contacting me, stop writing me, remove me
    unsubscribe me, take me off your list, take me off the list, no more messages
    no more texts, no more sms, do not contact me, don t contact me, dont contact me
    do not text me, don t text me, dont text me, delete my number, leave me alone
    i want to unsubscribe, do not contact me again, don't contact me again, do not text me again
    don't text me again, do not message me, don't message me
  `,
  fr: `
    stop pub, stop publicite, stop message, stop a la pub, ne plus me contacter
    ne plus me recontacter, ne pas me contacter, ne pas me recontacter, ne me contactez plus
    ne me contacte plus, ne me contactez pas, me contactez plus, me contacter plus
    ne me recontactez plus, ne me recontactez pas, ne plus m ecrire, ne m ecrivez plus
    ne m ecris plus, ne plus m envoyer, ne plus m en envoyer, ne m envoyez plus
    n envoyez plus, ne plus m appeler, ne m appelez plus, ne plus recevoir
    ne veux plus recevoir, ne souhaite plus recevoir, ne souhaite plus etre contacte
    ne souhaite pas etre contacte, ne veux plus etre contacte, plus de sms, plus de messages
    me desabonner, me desinscrire, retirez moi de votre liste, retirez moi
    retirer de votre liste, supprimez mon numero, supprimer mon numero
    supprimez moi de votre liste, effacez mon numero, effacer mon numero, arretez de m ecrire
    arretez de m envoyer, arretez de me contacter, arrete de m ecrire, arretez les sms
    arretez les messages, cessez de me contacter, cessez de m ecrire, cessez les messages
    laissez moi tranquille, fichez moi la paix, foutez moi la paix
    de ne plus me contacter, de ne plus me recontacter, de ne plus m'écrire, de ne plus m'envoyer de sms
    de ne plus m'envoyer de messages, ne m'envoyez plus de sms, ne m'envoyez plus de messages
    ne m'envoyez plus rien, je ne veux plus recevoir de sms, je ne veux plus recevoir de messages
    je ne souhaite plus recevoir de sms, je ne souhaite plus recevoir de messages
    je ne souhaite plus être contacté, je veux me désabonner, je souhaite me désabonner
    ne plus me déranger, de ne plus me déranger, ne me dérangez plus, veuillez me désabonner, veuillez me désinscrire, veuillez ne plus me contacter
  `,
  de: `
    keine sms mehr, keine nachrichten mehr, keine weiteren nachrichten, keine weiteren sms
    nicht mehr schreiben, nicht mehr anschreiben, nicht mehr kontaktieren
    schreiben sie mir nicht mehr, kontaktieren sie mich nicht mehr, schreib mir nicht mehr
    melden sie mich ab, nehmen sie mich von der liste, nummer loschen
    loschen sie meine nummer, lassen sie mich in ruhe
    ich möchte keine sms mehr, ich möchte keine nachrichten mehr
  `,
  es: `
    darme de baja, dar de baja, deme de baja, no mas mensajes, no mas sms, no me escriba mas
    no me escriban mas, no me escribas mas, no me contacten mas, no me contacte mas
    no me contactes mas, deje de escribirme, dejen de escribirme, deja de escribirme
    no quiero recibir mas, borre mi numero, borren mi numero, borra mi numero, dame de baja
    dada de baja, den de baja
    no quiero recibir más mensajes, no quiero recibir más sms, quiero darme de baja
  `,
  it: `
    basta sms, basta messaggi, niente piu messaggi, niente piu sms, non scrivetemi piu
    non scrivermi piu, non contattatemi piu, non contattarmi piu, non mi contattate piu
    non mi scriva piu, non voglio ricevere, non voglio piu ricevere, cancellate il mio numero
    cancella il mio numero, lasciatemi in pace
    non voglio più ricevere messaggi, non voglio più ricevere sms
  `,
  nl: `
    geen sms meer, geen berichten meer, niet meer sturen, niet meer berichten
    niet meer contacteren, neem geen contact meer op, stuur me niets meer
    stuur mij niets meer, schrijf me uit, schrijf mij uit, meld me af, meld mij af
    verwijder mijn nummer, laat me met rust
    ik wil geen sms meer, ik wil geen berichten meer
  `,
  pt: `
    nao quero receber, nao quero mais receber, nao me envie mais, nao me enviem mais
    nao envie mais, nao enviem mais, nao me contacte mais, nao me contactem mais
    nao me escreva mais, pare de enviar, parem de enviar, remover meu numero
    remova meu numero, remova o meu numero, apague o meu numero, apague meu numero
    me tire da lista, chega de mensagens
    não quero receber mais mensagens, não quero mais receber mensagens
  `,
};

/** The entries of a list, of all languages. */
export function entriesOf(list: WordList): readonly string[] {
  return Object.values(list)
    .flatMap((entries) => entries.split(/[,\n]/))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
