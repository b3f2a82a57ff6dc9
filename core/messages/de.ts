import type { Catalogue } from ".";

/** German. Documents and actions are called as in ERPNext's own translation: Auftrag, Ausgangsrechnung, Lieferschein, Zahlung, buchen. */
export const de: Catalogue = {
  unknown: "Unbekannt",
  notKnown: "nicht bekannt",
  unknownBecause: "Unbekannt: {why}.",
  asOf: "Stand {at}",

  "span.moment": "weniger als 1 Min.",
  "span.minutes": "{count} Min.",
  "span.hours": "{count} Std.",
  "span.days": "{count, plural, one {# Tag} other {# Tage}}",
  "span.ago": "vor {span}",

  "page.skip": "Direkt zu den Zahlen",
  "page.readOnly": "Nur Anzeige: Nichts auf dieser Seite ändert etwas in Shopify oder ERPNext.",
  "page.times": "Alle Zeiten in der Zeitzone {timeZone}.",
  "page.jump": "Auf dieser Seite",
  "nav.coverage": "Abdeckung",
  "nav.months": "Nach Monat",
  "nav.money": "Beträge",
  "nav.gaps": "Nicht synchron",
  "nav.health": "Zustand",
  "nav.feed": "Neuigkeiten",

  "state.good": "Gut",
  "state.warning": "Heute ansehen",
  "state.bad": "Schlecht",
  "state.unknown": "Unbekannt",

  "coverage.title": "Abdeckung jetzt",
  "coverage.orders": "Bestellungen",
  "coverage.products": "Produkte",
  "coverage.customers": "Kunden",
  "coverage.difference": "Differenz",
  "coverage.inErpnext": "in ERPNext",
  "coverage.noneYet": "Noch keine",
  "coverage.noneInShopify": "Keine in Shopify",
  "coverage.none": "keine",
  "coverage.fewer": "{count} weniger",
  "coverage.more": "{count} mehr",
  "coverage.sideUnknown": "{side} unbekannt: {why}",
  "coverage.notCounted": "noch nicht gezählt",
  "coverage.noScope": "der App fehlt die Berechtigung {scope}",
  "coverage.notExact": "Shopify nennt keine genaue Zahl",

  "months.title": "Bestellungen nach Monat",
  "months.none": "Es gibt noch keine Bestellungen.",
  "months.notCompared": "Unbekannt: Noch ist kein Monat verglichen.",
  "months.chart": "Diagramm der Bestellungen nach Monat; die Zahlen stehen in der Tabelle darunter",
  "months.column": "{month}: {orders, plural, one {# Bestellung} other {# Bestellungen}}, {inErpnext} in ERPNext",
  "months.columnUnknown":
    "{month}: {orders, plural, one {# Bestellung} other {# Bestellungen}}, {inErpnext} in ERPNext, {unknown} unbekannt in Shopify",
  "months.figures": "Zahlen nach Monat",
  "months.caption": "Bestellungen nach Monat, neueste zuerst",
  "months.month": "Monat",
  "months.inErpnext": "In ERPNext",
  "months.perCent": "Prozent",
  "months.attention": "Zu klären",
  "months.onTheWay": "Unterwegs",
  "months.cancelledOrTest": "Storniert oder Test",
  "months.deletedProduct": "Gelöschtes Produkt",
  "months.unknownInShopify": "Unbekannt in Shopify",
  "series.there": "In ERPNext",
  "series.explained": "Storniert, Test, gelöschtes Produkt oder unterwegs",
  "series.attention": "Fehlt und ist zu klären",
  "series.unknown": "In ERPNext, unbekannt in Shopify",

  "money.title": "Beträge nach Monat",
  "money.none": "Noch keine Beträge.",
  "money.asOf": "Stand des Vergleichs vom {at}.",
  "money.csv": "Beträge als CSV herunterladen",
  "money.agrees": "Die Beträge beider Seiten stimmen in jedem Monat überein.",
  "money.differs": "Die Beträge beider Seiten weichen in {different} von {months} Monaten voneinander ab.",
  "money.caption": "Beträge beider Seiten nach Monat, neueste zuerst",
  "money.side": "Seite",
  "money.rounding": "Rundung",
  "money.difference": "Differenz",
  "money.gross": "Brutto",
  "money.charges": "Steuern und Versand",
  "money.refunded": "Erstattet",
  "money.paid": "Bezahlt, abzüglich Erstattungen",

  "gaps.title": "Nicht synchron: Bestellungen und Gründe",
  "gaps.missing": "Fehlt in ERPNext",
  "gaps.different": "In beiden, aber verschieden",
  "gaps.orphan": "Nur in ERPNext",
  "gaps.search": "Suchen",
  "gaps.searchHint": "Bestellung, Beleg oder Wörter des Grundes",
  "gaps.found": "{count} gefunden, neueste zuerst",
  "gaps.foundWith": "{count} mit „{search}“ gefunden, neueste zuerst",
  "gaps.foundIn": "{count} im Zeitraum {month} gefunden, neueste zuerst",
  "gaps.foundWithIn": "{count} mit „{search}“ im Zeitraum {month} gefunden, neueste zuerst",
  "gaps.noneWith": "Nichts mit „{search}“ gefunden",
  "gaps.noneWithIn": "Nichts mit „{search}“ im Zeitraum {month} gefunden",
  "gaps.byReason": "Nach Grund",
  "gaps.all": "Alle",
  "gaps.emptyPage": "Diese Seite der Liste ist leer.",
  "gaps.toFirstPage": "Zur ersten Seite",
  "gaps.noMatch": "Keine Bestellung passt.",
  "gaps.showAll": "Alle zeigen",
  "gaps.notEnded": "Unbekannt: Bisher ist nichts gefunden, und der Vergleich ist nicht abgeschlossen.",
  "gaps.inSync":
    "Alles ist synchron. Jede Bestellung aus Shopify ist in ERPNext, mit ihren Belegen und denselben Beträgen.",
  "gaps.visibleInSync":
    "Alles Sichtbare ist synchron. Jede Bestellung aus Shopify ist in ERPNext, mit ihren Belegen und denselben Beträgen.",
  "gaps.pages": "Seiten der Liste",
  "gaps.firstPage": "Erste Seite",
  "gaps.nextPage": "Nächste Seite",
  "gaps.csv": "Als CSV herunterladen",
  "gaps.meanings": "Was die Gründe bedeuten und was zu tun ist",
  "gaps.caption":
    "Bestellungen, die in ERPNext fehlen, dort abweichen oder in Shopify nicht mehr existieren, neueste zuerst",
  "gaps.order": "Bestellung",
  "gaps.total": "Summe",
  "gaps.why": "Grund",
  "gaps.openIn": "Öffnen in",
  "gaps.placed": "bestellt {at}",
  "gaps.unknownTime": "unbekannt",
  "gaps.noticed": "bemerkt {first}, geprüft {last}",
  "gaps.openShopify": "{order} in Shopify öffnen",
  "gaps.openErpnext": "{documents} zu {order} in ERPNext öffnen",
  "gaps.searchErpnext": "{order} in ERPNext suchen",

  "scan.notEnded":
    "Was fehlt, steht noch nicht fest: Noch ist kein Vergleich aller Bestellungen abgeschlossen. Die Zahlen sind die bisher gefundenen.",
  "scan.invisible":
    "Bestellungen vor dem {day} sind nicht sichtbar: Der App fehlt die Berechtigung read_all_orders. Ob davon welche fehlen, ist unbekannt.",
  "scan.notEndedHint": "Bisher gefunden: Noch ist kein Vergleich aller Bestellungen abgeschlossen.",
  "scan.invisibleHint": "Unbekannt vor dem {day}: Die App sieht diese Bestellungen nicht.",
  "scan.asOf": "Stand des Vergleichs vom {started}.",
  "scan.asOfEnded": "Stand des Vergleichs vom {started}, abgeschlossen {ended}.",
  "scan.running": "Vergleich läuft seit {started}: {done} Bestellungen",
  "scan.runningOf": "Vergleich läuft seit {started}: {done} von {total} Bestellungen",
  "scan.interrupted": "Der Vergleich wurde unterbrochen und geht von selbst weiter: {why}",

  "verdict.notReached": "Bestellungen erreichen ERPNext nicht",
  "verdict.notArriving": "Es kommen keine Bestellungen an",
  "verdict.firstRunning": "Der erste Vergleich läuft noch",
  "verdict.firstNotBegun": "Der erste Vergleich hat noch nicht begonnen",
  "verdict.firstNotEnded": "Der erste Vergleich ist noch nicht abgeschlossen",
  "verdict.syncNeedsAttention": "Keine Bestellung ist zu klären, aber die Übertragung",
  "verdict.asFarAsKnown": "Soweit bekannt, ist keine Bestellung zu klären",
  "verdict.noOrders": "Der Shop hat noch keine Bestellungen",
  "verdict.onTheirWay": "Alles in Ordnung, die neuesten Bestellungen sind unterwegs",
  "verdict.all": "Jede Bestellung ist in ERPNext",
  "verdict.allPossible": "Jede Bestellung, die in ERPNext sein kann, ist dort",
  "verdict.missing": "{count, plural, one {# Bestellung fehlt} other {# Bestellungen fehlen}} in ERPNext",
  "verdict.different": "{count, plural, one {# Abweichung} other {# Abweichungen}} zwischen Shopify und ERPNext",
  "verdict.orphans": "{count, plural, one {# Bestellung} other {# Bestellungen}} nur in ERPNext",
  "verdict.check": "{check}: {detail}",
  "verdict.also": "Außerdem: {clauses}.",
  "verdict.clauses": "{clauses}.",
  "verdict.notKnown": "Nicht bekannt: {items}.",
  "verdict.titled": "„{title}“",
  "verdict.shopifyOrders": "wie viele Bestellungen Shopify hat ({why})",
  "verdict.erpnextOrders": "wie viele Bestellungen ERPNext hat ({why})",
  "verdict.missingBefore": "was vor dem {day} fehlt",
  "verdict.waiting": "{count, plural, one {# Bestellung ist} other {# Bestellungen sind}} unterwegs.",
  "verdict.explained":
    "{count, plural, one {# Bestellung kann} other {# Bestellungen können}} nicht in ERPNext sein (storniert oder Testbestellung): Es ist nichts zu tun.",
  "verdict.deletedProduct":
    "{count, plural, one {# Bestellung lässt} other {# Bestellungen lassen}} sich wegen eines gelöschten Produkts nicht anlegen: Bezahlte bitte von Hand erfassen.",
  "verdict.lastComparison": "Letzter Vergleich: {at}.",
  "verdict.newer":
    "{count, plural, one {Shopify hat # Bestellung mehr, als der letzte Vergleich erklärt; der nächste zeigt, was aus ihr wurde.} other {Shopify hat # Bestellungen mehr, als der letzte Vergleich erklärt; der nächste zeigt, was aus ihnen wurde.}}",
  "verdict.seeGaps": "Welche Bestellungen und warum",

  "feed.title": "Neuigkeiten",
  "feed.reload": "Für Neues die Seite neu laden.",
  "feed.label": "Was in Shopify und ERPNext erschienen ist, neueste zuerst",
  "feed.empty": "Noch nichts. Neue Bestellungen und Belege erscheinen hier, sobald sie da sind.",
  "kind.Order": "Bestellung",
  "kind.Sales Order": "Auftrag",
  "kind.Sales Invoice": "Ausgangsrechnung",
  "kind.Delivery Note": "Lieferschein",
  "kind.Payment Entry": "Zahlung",

  "live.live": "Live: Neues erscheint von selbst",
  "live.reconnecting": "Verbindung unterbrochen seit {time}; die Seite hat diesen Stand",
  "live.ended": "Ihre Sitzung endete um {time}.",
  "live.signIn": "Neu anmelden",

  "refusal.refused":
    "Cloudflare Access hat Sie hier nicht eingelassen: Öffnen Sie die Adresse der Console neu und melden Sie sich an.",
  "refusal.unreachable":
    "Ihre Identität lässt sich nicht prüfen, weil Cloudflare Access nicht antwortet: Versuchen Sie es in einer Minute wieder.",
  "refusal.readOnly": "Die Console zeigt nur an: Hier lässt sich nichts ändern.",
  "refusal.notFound": "Unter dieser Adresse gibt es nichts.",
  "refusal.failed": "Die Console konnte ihre eigene Datenbank nicht lesen: Versuchen Sie es in einer Minute wieder.",

  "why.words": "Meldung „{words}“",
  "why.noTime": "dafür war in dieser Minute keine Zeit mehr",
  "why.defect": "die Console hat selbst einen Fehler; ihr Protokoll nennt ihn",

  "health.title": "Zustand der Übertragung",
  "health.notChecked": "Noch nicht geprüft.",
  "health.notLooked": "Die Console hat noch nicht nachgesehen; sie tut es jede Minute.",
  "health.none": "keine",
  "health.never": "nie",
  "health.count": "{count}",
  "health.perCent": "{share} %",
  "health.ofAll": "{count} von {all}",
  "health.oldest-queued": "Älteste wartende Bestellung",
  "health.error-rate": "Fehlerquote",
  "health.last-delivery": "Letzte Zustellung von Shopify",
  "health.deliveries": "Zustellungen auf dem Weg zu ERPNext",
  "health.workers": "Hintergrundprozesse",
  "health.subscriptions": "Webhook-Abonnements",
  "health.token-age": "Alter des Shopify-Tokens",
  "health.api-version": "Version der Shopify-API",
  "health.api-deadlines": "Fristen von Shopify",

  "server.noQueues": "der Server hat seine Warteschlangen noch nicht geprüft",
  "server.noDeliveries": "der Server hat seine Zustellungen noch nicht geprüft",
  "server.oldQueues": "der Server hat seine Warteschlangen zuletzt {ago} geprüft",
  "server.oldDeliveries": "der Server hat seine Zustellungen zuletzt {ago} geprüft",

  "deliveries.waiting": "{count}, die älteste seit {span}",
  "deliveries.failed": "{count} gescheitert",
  "deliveries.parked": "{count} abgelehnt",
  "deliveries.stuck":
    "Zustellungen sind gespeichert, erreichen aber ERPNext nicht: Prüfen Sie, warum es sie nicht annimmt.",
  "deliveries.paused":
    "{work, select, migration {Zustellungen sind gespeichert, erreichen aber ERPNext nicht, solange eine Migration läuft: Prüfen Sie, warum es sie nicht annimmt.} restore {Zustellungen sind gespeichert, erreichen aber ERPNext nicht, solange eine Wiederherstellung läuft: Prüfen Sie, warum es sie nicht annimmt.} setup {Zustellungen sind gespeichert, erreichen aber ERPNext nicht, solange die Einrichtung läuft: Prüfen Sie, warum es sie nicht annimmt.} other {Zustellungen sind gespeichert, erreichen aber ERPNext nicht ({work}): Prüfen Sie, warum es sie nicht annimmt.}}",
  "deliveries.refused":
    "ERPNext hat sie endgültig abgelehnt: Beheben Sie die genannte Ursache und lassen Sie sie dann erneut zustellen.",
  "deliveries.retried": "ERPNext hat sie abgelehnt; sie werden von selbst erneut zugestellt.",
  "deliveries.good": "ERPNext nimmt jede Zustellung sofort an.",

  "queue.nothing": "nichts wartet",
  "queue.empty": "Jede Zustellung ist verarbeitet.",
  "queue.good": "Zustellungen werden laufend verarbeitet.",
  "queue.warning": "Zustellungen warten länger als sonst: Sehen Sie in einigen Minuten wieder nach.",
  "queue.bad":
    "Die Warteschlange steht: Prüfen Sie, ob die Hintergrundprozesse laufen und welche Aufgabe die älteste ist.",

  "workers.good": "Jede Warteschlange wird bedient.",
  "workers.none":
    "Kein Hintergrundprozess läuft: Bestellungen werden angenommen, aber erst verarbeitet, wenn der Server ihn neu startet.",
  "workers.unserved":
    "Kein Hintergrundprozess bedient {queues}: Bestellungen werden angenommen, aber erst verarbeitet, wenn der Server ihn neu startet.",

  "errors.nothing": "In den letzten 24 Stunden wurde nichts verarbeitet.",
  "errors.none": "Alle {all} der letzten 24 Stunden waren erfolgreich.",
  "errors.few":
    "{failed} von {all} sind in den letzten 24 Stunden gescheitert, wie einzelne es immer tun: Die Liste nennt den Grund.",
  "errors.many":
    "{failed} von {all} sind in den letzten 24 Stunden gescheitert: Beheben Sie, was die Liste nennt, und lassen Sie die Bestellungen dann erneut zustellen.",

  "lastDelivery.silent":
    "Eine Bestellung kam {ago}, und seitdem ist nichts eingetroffen: Prüfen Sie die Abonnements, den Hook-Host und das Secret.",
  "lastDelivery.never":
    "Noch ist nichts eingetroffen: Bestellen Sie zur Probe, und prüfen Sie das Secret, wenn die Bestellung nicht ankommt.",
  "lastDelivery.good": "Die Zustellungen von Shopify treffen ein.",
  "lastDelivery.old":
    "Seit Tagen ist nichts eingetroffen: Vergleichen Sie mit der neuesten Bestellung in den Neuigkeiten.",

  "subscriptions.good": "Shopify meldet diesem Server jede Änderung.",
  "subscriptions.missing": "Shopify meldet {topics} nicht hierher: Lassen Sie die Abonnements neu anlegen.",

  "token.good": "Der Server erneuert das Token des Connectors rechtzeitig.",
  "token.warning":
    "Das Token des Connectors läuft in wenigen Stunden ab: Prüfen Sie, warum der Server es nicht erneuert.",
  "token.bad": "Das Token des Connectors ist abgelaufen: Bis es erneuert ist, kann er Shopify nichts fragen.",
  "token.lasting": "Das Token einer Custom App gilt, bis die App deinstalliert wird.",
  "token.lastingUnknown":
    "Wann es erstellt wurde, ist nicht festgehalten. Das Token einer Custom App gilt, bis die App deinstalliert wird.",
  "token.notRenewed": "der Server hat das Token des Connectors noch nicht erneuert",

  "version.good": "Shopify antwortet in der angefragten Version.",
  "version.retired": "Die angefragte Version {version} ist abgelaufen: Lassen Sie das Projekt aktualisieren.",
  "version.notNamed": "Shopify hat keine Version genannt",

  "deadlines.notShown": "Shopify zeigt dieser App ihre veralteten Aufrufe nicht",
  "deadlines.none": "Kein Aufruf der letzten 30 Tage ist veraltet",
  "deadlines.until":
    "Shopify behält {call} der Version {version} bis {day} („{description}“){more, plural, =0 {} other { und # weitere}}",
  "deadlines.without":
    "Shopify behält {call} der Version {version} ohne Frist („{description}“){more, plural, =0 {} other { und # weitere}}",
  "deadlines.good": "{seen}.",
  "deadlines.near": "{seen}: Lassen Sie den Connector aktualisieren.",

  "reason.recent": "Neu, Webhook steht aus",
  "reason.cancelled": "Storniert",
  "reason.test-order": "Testbestellung",
  "reason.deleted-product": "Gelöschtes Produkt",
  "reason.line-without-product": "Freie Position oder Trinkgeld",
  "reason.error": "Fehler des Connectors",
  "reason.other": "Keine Spur",
  "reason.duplicate": "Mehrere Aufträge",
  "reason.not-submitted": "Noch ein Entwurf",
  "reason.not-cancelled": "Nur in Shopify storniert",
  "reason.only-cancelled-here": "Nur in ERPNext storniert",
  "reason.test-booked": "Testbestellung, gebucht",
  "reason.currency": "Andere Währung",
  "reason.edited": "Seit dem Import geändert",
  "reason.total": "Andere Summe",
  "reason.charges": "Andere Steuern oder Versandkosten",
  "reason.no-invoice": "Bezahlt, keine Ausgangsrechnung",
  "reason.invoice-total": "Rechnungen über anderen Betrag",
  "reason.no-payment": "Bezahlt, Rechnung noch offen",
  "reason.paid-only-here": "Nur in ERPNext bezahlt",
  "reason.invoice-stands": "Zahlung aufgehoben, Rechnung offen",
  "reason.no-credit-note": "Erstattet, keine Gutschrift",
  "reason.no-refund-payment": "Gutgeschrieben, nicht ausgezahlt",
  "reason.credited-only-here": "Gutschrift ohne Erstattung",
  "reason.no-delivery-note": "Versandt, kein Lieferschein",
  "reason.delivered-only-here": "Nur in ERPNext geliefert",
  "reason.orphan": "Nicht in Shopify",

  "advice.recent":
    "Die Bestellung ist eben eingegangen oder wartet in der Warteschlange von ERPNext. Sie kommt von selbst an, meist innerhalb von Minuten.",
  "advice.cancelled": "Die Bestellung wurde in Shopify storniert, bevor sie in ERPNext ankam. Es ist nichts zu tun.",
  "advice.test-order": "Eine Testbestellung des Shops. Sie wird nicht gebucht; es ist nichts zu tun.",
  "advice.deleted-product":
    "Das Produkt einer Position gibt es in Shopify nicht mehr, daher kann der Connector den Artikel nicht anlegen. Wurde die Bestellung bezahlt, erfassen Sie sie in ERPNext von Hand.",
  "advice.line-without-product":
    "Eine Position ist eine freie Position oder ein Trinkgeld. Der Connector kann sie nicht buchen, daher fehlt die ganze Bestellung. Erfassen Sie sie in ERPNext von Hand.",
  "advice.error":
    "Der Connector hat es versucht und ist gescheitert; seine eigene Meldung steht dabei. Beheben Sie die Ursache, dann lässt sich die Bestellung erneut zustellen.",
  "advice.other":
    "Nichts erklärt, warum ERPNext sie nicht hat; vermutlich ging die Zustellung verloren. Sie lässt sich erneut zustellen.",
  "advice.duplicate": "ERPNext hat die Bestellung mehrfach. Stornieren Sie die überzähligen Aufträge.",
  "advice.not-submitted":
    "Der Auftrag wurde angelegt und nicht gebucht. Öffnen und buchen Sie ihn, oder sehen Sie nach, was das verhindert.",
  "advice.not-cancelled":
    "Die Bestellung wurde in Shopify storniert und besteht in ERPNext weiter. Stornieren Sie dort ihre Belege oder erstellen Sie zur Rechnung eine Gutschrift.",
  "advice.only-cancelled-here":
    "Der Auftrag ist storniert, die Bestellung in Shopify nicht. Eines von beiden ist falsch.",
  "advice.test-booked": "Eine Testbestellung ist als Umsatz gebucht. Stornieren Sie ihre Belege in ERPNext.",
  "advice.currency":
    "Ein Beleg hat eine andere Währung als der Shop. Stornieren Sie ihn und korrigieren Sie die Standardwährung des Kunden.",
  "advice.edited":
    "Die Bestellung wurde in Shopify geändert, nachdem ERPNext sie hatte. Berichtigen Sie den Auftrag, oder buchen Sie die Differenz, wenn er schon berechnet ist.",
  "advice.total":
    "Die Beträge beider Seiten weichen ab. Was über die Ursache bekannt ist, steht bei der Bestellung; vergleichen Sie Positionen, Steuern und Versand.",
  "advice.charges":
    "Die Summe ist gleich, aber Steuern und Versand darin sind es nicht. Vergleichen Sie die Steuern beider Seiten vor der Umsatzsteuervoranmeldung.",
  "advice.no-invoice": "Shopify hat dafür Geld erhalten, und ERPNext hat keine gebuchte Ausgangsrechnung.",
  "advice.invoice-total":
    "Die Ausgangsrechnungen ergeben zusammen nicht den Auftrag. Stornieren Sie, was zu viel ist, oder berechnen Sie den Rest.",
  "advice.no-payment": "Shopify hat dafür mehr Geld als ERPNext. Buchen Sie die Zahlung der Rechnung.",
  "advice.paid-only-here":
    "ERPNext hat dafür mehr Geld als Shopify. Stornieren Sie die Zahlung, oder klären Sie, woher das Geld kam.",
  "advice.invoice-stands":
    "Die Zahlung wurde in Shopify aufgehoben oder ist verfallen. Stornieren Sie die Ausgangsrechnung oder erstellen Sie eine Gutschrift.",
  "advice.no-credit-note":
    "In Shopify wurde Geld erstattet. Erstellen und buchen Sie eine Gutschrift über diesen Betrag und buchen Sie die Auszahlung.",
  "advice.no-refund-payment": "Die Gutschrift ist da; buchen Sie die Auszahlung von Shopify an den Käufer.",
  "advice.credited-only-here":
    "ERPNext hat eine Gutschrift, zu der Shopify nichts erstattet hat. Erstatten Sie den Betrag oder stornieren Sie die Gutschrift.",
  "advice.no-delivery-note":
    "Die Bestellung wurde in Shopify ausgeführt, und die Lieferscheine in ERPNext decken sie nicht ab; der Lagerbestand ist daher falsch.",
  "advice.delivered-only-here":
    "ERPNext hat geliefert, was Shopify nicht oder nicht mehr als ausgeführt führt; der Lagerbestand ist daher falsch. Stornieren Sie den Lieferschein oder buchen Sie eine Retoure.",
  "advice.orphan": "ERPNext hat einen Auftrag zu einer Bestellung, die Shopify nicht mehr hat.",

  "finding.said": "{detail}; Meldung des Connectors: „{said}“",
  "finding.testOrder": "eine Testbestellung, die nicht gebucht wird",
  "finding.recent": "vor {minutes} Min. bestellt, der Webhook ist vielleicht noch unterwegs",
  "finding.cancelled": "in Shopify storniert: {at}",
  "finding.queued": "seit {minutes} Min. in der Warteschlange von ERPNext",
  "finding.stuck": "in der Warteschlange von ERPNext seit {at} und nie verarbeitet",
  "finding.deleted": "angelegt {at} und seitdem gelöscht",
  "finding.noTrace": "ERPNext hat keine Spur davon",
  "finding.notCreated": "ERPNext hat keine Spur von der Anlage; {method} fand keinen Auftrag: {at}",
  "finding.customItem": "„{title}“ ist eine freie Position oder ein Trinkgeld, ohne Produkt",
  "finding.deletedProduct": "„{title}“ hat in Shopify kein Produkt mehr",
  "finding.orphan": "{orders} gehört zu einer Bestellung, die es in Shopify nicht gibt",
  "finding.duplicate": "{orders} gehören alle zu dieser Bestellung",
  "finding.testBooked": "eine Testbestellung, gebucht als {documents}",
  "finding.draft": "{order} ist ein Entwurf",
  "finding.cancelledHere": "{orders} ist storniert, die Bestellung in Shopify nicht",
  "finding.notCancelled":
    "in Shopify storniert{refunded, select, none {} other {, {refunded} erstattet}}, {order} hat den Status „{status}“{documents, select, none {} other {; {documents} hindert den Connector am Stornieren}}",
  "finding.invoiceKept": "in Shopify storniert und {kept} einbehalten; {invoices} über {invoiced} besteht",
  "finding.cancelledOpen": "{open} sind hier noch offen",
  "finding.keptWithoutInvoice": "in Shopify storniert und {kept} einbehalten; keine Ausgangsrechnung weist das aus",
  "finding.notPaidOut": "{refunded} in Shopify erstattet; von {notes} sind hier {open} nicht ausgezahlt",
  "finding.currency": "{currency} in Shopify, {documents}",
  "finding.currencyOf": "{document} in {currency}",
  "finding.edited": "seit dem Import in Shopify geändert: jetzt {now}, {then} in {order}",
  "finding.total": "{there} in Shopify, {here} in {order}",
  "finding.roundedTotal": "{total}, von ERPNext aus {grandTotal} gerundet",
  "finding.duties": "{total}: Der Zoll ist nicht gebucht",
  "finding.tip": "{total}: Das Trinkgeld ist nicht gebucht",
  "finding.roundedPrices": "{total}: Die Preise von {pieces} Stück wurden gerundet",
  "finding.line": "{total}: {line}",
  "finding.charges": "{there} Steuern und Versand in Shopify, {here} in {order}",
  "finding.noPayment": "ohne Zahlung",
  "finding.unknownStatus": "unbekannt",
  "finding.paidHere": "in Shopify nicht bezahlt ({status}), {cash} für {invoices} bezahlt",
  "finding.invoiceStands": "in Shopify nicht bezahlt ({status}), {invoices} ist offen",
  "finding.noInvoice":
    "{received} in Shopify erhalten ({status}){refunded, select, none {} other {, davon {refunded} erstattet}}, keine gebuchte Ausgangsrechnung{drafts, select, none {} other {: {drafts} ist ein Entwurf}}",
  "finding.invoiceTotal": "{order} lautet über {ordered}, {invoices} über {invoiced}",
  "finding.noCreditNote":
    "{refunded} in Shopify erstattet, keine gebuchte Gutschrift{drafts, select, none {} other {: {drafts} ist ein Entwurf}}",
  "finding.creditedLess":
    "{refunded} in Shopify erstattet, {credited} hier gutgeschrieben{drafts, select, none {} other {: {drafts} ist ein Entwurf}}",
  "finding.creditedMore": "{refunded} in Shopify erstattet, {credited} in {notes} gutgeschrieben",
  "finding.outstanding":
    "{status} in Shopify, von {invoices} sind hier {open} offen{due, select, none {} other {, in Shopify {due}}}",
  "finding.paidMore": "{received} in Shopify erhalten, {cash} hier bezahlt",
  "finding.notDelivered":
    "{pieces, plural, one {# Stück} other {# Stück}} in Shopify ausgeführt{fulfilments, select, none {} other { (Ausführung {fulfilments})}}, {delivered} in gebuchten Lieferscheinen",
  "finding.deliveredMore":
    "{pieces, plural, one {# Stück} other {# Stück}} in Shopify ausgeführt, {delivered} mit {notes} geliefert",
};
