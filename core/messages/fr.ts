import type { Catalogue } from ".";

/** French. Documents and actions are called as in ERPNext: commande client, facture de vente, bon de livraison, écriture de paiement, valider. */
export const fr: Catalogue = {
  unknown: "Inconnu",
  notKnown: "inconnu",
  unknownBecause: "Inconnu : {why}.",
  asOf: "au {at}",

  "span.moment": "moins de 1 min",
  "span.minutes": "{count} min",
  "span.hours": "{count} h",
  "span.days": "{count, plural, one {# jour} other {# jours}}",
  "span.ago": "il y a {span}",

  "page.skip": "Aller aux chiffres",
  "page.readOnly": "Lecture seule : rien sur cette page ne modifie Shopify ou ERPNext.",
  "page.times": "Les heures sont celles de {timeZone}.",
  "page.jump": "Sur cette page",
  "nav.coverage": "Couverture",
  "nav.months": "Par mois",
  "nav.money": "Montants",
  "nav.gaps": "Non synchronisé",
  "nav.health": "État",
  "nav.feed": "En direct",

  "state.good": "Bon",
  "state.warning": "À voir aujourd’hui",
  "state.bad": "Mauvais",
  "state.unknown": "Inconnu",

  "coverage.title": "Couverture actuelle",
  "coverage.orders": "Commandes",
  "coverage.products": "Produits",
  "coverage.customers": "Clients",
  "coverage.difference": "Écart",
  "coverage.inErpnext": "dans ERPNext",
  "coverage.noneYet": "Aucun pour le moment",
  "coverage.noneInShopify": "Aucun dans Shopify",
  "coverage.none": "aucun",
  "coverage.fewer": "{count} de moins",
  "coverage.more": "{count} de plus",
  "coverage.sideUnknown": "{side} inconnu : {why}",
  "coverage.notCounted": "pas encore compté",
  "coverage.noScope": "il manque à l’application l’autorisation {scope}",
  "coverage.notExact": "Shopify ne donne pas de nombre exact",

  "months.title": "Commandes par mois",
  "months.none": "Il n’y a pas encore de commandes.",
  "months.notCompared": "Inconnu : aucun mois n’a encore été comparé.",
  "months.chart": "Graphique des commandes par mois ; le tableau ci-dessous en donne les chiffres",
  "months.column": "{month} : {orders, plural, one {# commande} other {# commandes}}, {inErpnext} dans ERPNext",
  "months.columnUnknown":
    "{month} : {orders, plural, one {# commande} other {# commandes}}, {inErpnext} dans ERPNext, {unknown} inconnues dans Shopify",
  "months.figures": "Chiffres par mois",
  "months.caption": "Commandes par mois, les plus récentes d’abord",
  "months.month": "Mois",
  "months.inErpnext": "Dans ERPNext",
  "months.perCent": "Pour cent",
  "months.attention": "À traiter",
  "months.onTheWay": "En route",
  "months.cancelledOrTest": "Annulée ou test",
  "months.deletedProduct": "Produit supprimé",
  "months.unknownInShopify": "Inconnue dans Shopify",
  "series.there": "Dans ERPNext",
  "series.explained": "Annulée, test, produit supprimé ou en route",
  "series.attention": "Manquante, à traiter",
  "series.unknown": "Dans ERPNext, inconnue dans Shopify",

  "money.title": "Montants par mois",
  "money.none": "Aucun montant pour le moment.",
  "money.asOf": "Selon la comparaison du {at}.",
  "money.csv": "Télécharger les montants en CSV",
  "money.agrees": "Les montants des deux côtés concordent pour chaque mois.",
  "money.differs": "Les montants des deux côtés diffèrent pour {different} mois sur {months}.",
  "money.caption": "Montants des deux côtés par mois, les plus récents d’abord",
  "money.side": "Côté",
  "money.rounding": "Arrondi",
  "money.difference": "Écart",
  "money.gross": "Brut",
  "money.charges": "Taxes et livraison",
  "money.refunded": "Remboursé",
  "money.paid": "Payé, moins les remboursements",

  "gaps.title": "Non synchronisé : commandes et motifs",
  "gaps.missing": "Manque dans ERPNext",
  "gaps.different": "Des deux côtés, mais différent",
  "gaps.orphan": "Uniquement dans ERPNext",
  "gaps.search": "Rechercher",
  "gaps.searchHint": "Une commande, un document ou des mots du motif",
  "gaps.found": "{count} trouvées, les plus récentes d’abord",
  "gaps.foundWith": "{count} trouvées avec « {search} », les plus récentes d’abord",
  "gaps.foundIn": "{count} trouvées pour {month}, les plus récentes d’abord",
  "gaps.foundWithIn": "{count} trouvées avec « {search} » pour {month}, les plus récentes d’abord",
  "gaps.noneWith": "Aucune trouvée avec « {search} »",
  "gaps.noneWithIn": "Aucune trouvée avec « {search} » pour {month}",
  "gaps.byReason": "Par motif",
  "gaps.all": "Toutes",
  "gaps.emptyPage": "Cette page de la liste est vide.",
  "gaps.toFirstPage": "Aller à la première page",
  "gaps.noMatch": "Aucune commande ne correspond.",
  "gaps.showAll": "Tout afficher",
  "gaps.notEnded": "Inconnu : rien n’a été trouvé jusqu’ici et la comparaison n’est pas terminée.",
  "gaps.inSync":
    "Tout est synchronisé. Chaque commande de Shopify est dans ERPNext, avec ses documents et les mêmes montants.",
  "gaps.visibleInSync":
    "Tout ce qui est visible est synchronisé. Chaque commande de Shopify est dans ERPNext, avec ses documents et les mêmes montants.",
  "gaps.pages": "Pages de la liste",
  "gaps.firstPage": "Première page",
  "gaps.nextPage": "Page suivante",
  "gaps.csv": "Télécharger en CSV",
  "gaps.meanings": "Ce que signifient les motifs et que faire",
  "gaps.caption":
    "Commandes absentes d’ERPNext, différentes dans ERPNext ou disparues de Shopify, les plus récentes d’abord",
  "gaps.order": "Commande",
  "gaps.total": "Total",
  "gaps.why": "Motif",
  "gaps.openIn": "Ouvrir dans",
  "gaps.placed": "passée {at}",
  "gaps.unknownTime": "inconnu",
  "gaps.noticed": "remarquée {first}, vérifiée {last}",
  "gaps.openShopify": "Ouvrir {order} dans Shopify",
  "gaps.openErpnext": "Ouvrir {documents} de {order} dans ERPNext",
  "gaps.searchErpnext": "Chercher {order} dans ERPNext",

  "scan.notEnded":
    "Ce qui manque n’est pas encore connu : aucune comparaison de toutes les commandes n’est terminée. Les chiffres sont ceux trouvés jusqu’ici.",
  "scan.invisible":
    "Les commandes d’avant le {day} ne sont pas visibles : il manque à l’application l’autorisation read_all_orders. On ignore s’il en manque.",
  "scan.notEndedHint": "Trouvé jusqu’ici : aucune comparaison de toutes les commandes n’est terminée.",
  "scan.invisibleHint": "Inconnu avant le {day} : l’application ne voit pas ces commandes.",
  "scan.asOf": "Selon la comparaison du {started}.",
  "scan.asOfEnded": "Selon la comparaison du {started}, terminée {ended}.",
  "scan.running": "Comparaison en cours depuis {started} : {done} commandes",
  "scan.runningOf": "Comparaison en cours depuis {started} : {done} commandes sur {total}",
  "scan.interrupted": "La comparaison a été interrompue et reprend d’elle-même : {why}",

  "verdict.notReached": "Les commandes n’atteignent pas ERPNext",
  "verdict.notArriving": "Les commandes n’arrivent pas",
  "verdict.firstRunning": "La première comparaison est encore en cours",
  "verdict.firstNotBegun": "La première comparaison n’a pas commencé",
  "verdict.firstNotEnded": "La première comparaison n’est pas terminée",
  "verdict.syncNeedsAttention": "Aucune commande n’est à traiter, mais la synchronisation l’est",
  "verdict.asFarAsKnown": "Aucune commande n’est à traiter, pour autant qu’on le sache",
  "verdict.noOrders": "La boutique n’a pas encore de commandes",
  "verdict.onTheirWay": "Tout va bien, les dernières commandes sont en route",
  "verdict.all": "Chaque commande est dans ERPNext",
  "verdict.allPossible": "Chaque commande qui peut être dans ERPNext y est",
  "verdict.missing": "{count, plural, one {# commande manque} other {# commandes manquent}} dans ERPNext",
  "verdict.different": "{count, plural, one {# différence} other {# différences}} entre Shopify et ERPNext",
  "verdict.orphans": "{count, plural, one {# commande} other {# commandes}} uniquement dans ERPNext",
  "verdict.check": "{check} : {detail}",
  "verdict.also": "De plus : {clauses}.",
  "verdict.clauses": "{clauses}.",
  "verdict.notKnown": "Inconnu : {items}.",
  "verdict.titled": "« {title} »",
  "verdict.shopifyOrders": "le nombre de commandes de Shopify ({why})",
  "verdict.erpnextOrders": "le nombre de commandes d’ERPNext ({why})",
  "verdict.missingBefore": "ce qui manque avant le {day}",
  "verdict.waiting": "{count, plural, one {# commande est} other {# commandes sont}} en route.",
  "verdict.explained":
    "{count, plural, one {# commande ne peut pas} other {# commandes ne peuvent pas}} être dans ERPNext (annulée ou commande de test) : il n’y a rien à faire.",
  "verdict.deletedProduct":
    "{count, plural, one {# commande ne peut pas être créée} other {# commandes ne peuvent pas être créées}} à cause d’un produit supprimé : saisissez à la main ce qui a été payé.",
  "verdict.lastComparison": "Dernière comparaison : {at}.",
  "verdict.newer":
    "{count, plural, one {Shopify a # commande de plus que n’en explique la dernière comparaison ; la prochaine dira ce qu’elle est devenue.} other {Shopify a # commandes de plus que n’en explique la dernière comparaison ; la prochaine dira ce qu’elles sont devenues.}}",
  "verdict.seeGaps": "Voir quelles commandes et pourquoi",

  "feed.title": "En direct",
  "feed.reload": "Rechargez la page pour voir les nouveautés.",
  "feed.label": "Ce qui est apparu dans Shopify et ERPNext, le plus récent d’abord",
  "feed.empty":
    "Rien pour le moment. Les nouvelles commandes et les nouveaux documents apparaissent ici dès leur arrivée.",
  "kind.Order": "Commande",
  "kind.Sales Order": "Commande client",
  "kind.Sales Invoice": "Facture de vente",
  "kind.Delivery Note": "Bon de livraison",
  "kind.Payment Entry": "Écriture de paiement",

  "live.live": "En direct : les nouveautés apparaissent d’elles-mêmes",
  "live.reconnecting": "Reconnexion en cours depuis {time} ; la page date de ce moment",
  "live.ended": "Votre session a pris fin à {time}.",
  "live.signIn": "Se reconnecter",

  "refusal.refused":
    "Cloudflare Access ne vous a pas laissé entrer ici : ouvrez de nouveau l’adresse de la Console et connectez-vous.",
  "refusal.unreachable":
    "Votre identité ne peut pas être vérifiée, car Cloudflare Access ne répond pas : réessayez dans une minute.",
  "refusal.readOnly": "La Console ne fait qu’afficher : rien ne peut être modifié ici.",
  "refusal.notFound": "Il n’y a rien à cette adresse.",
  "refusal.failed": "La Console n’a pas pu lire sa propre base de données : réessayez dans une minute.",

  "why.words": "message « {words} »",
  "why.noTime": "le temps a manqué pour cela dans cette minute",
  "why.defect": "la Console a rencontré un défaut qui lui est propre ; son journal le nomme",

  "health.title": "État de la synchronisation",
  "health.notChecked": "Pas encore vérifié.",
  "health.notLooked": "La Console n’a pas encore regardé ; elle le fait chaque minute.",
  "health.none": "aucune",
  "health.never": "jamais",
  "health.count": "{count}",
  "health.perCent": "{share} %",
  "health.ofAll": "{count} sur {all}",
  "health.oldest-queued": "Plus ancienne commande en attente",
  "health.error-rate": "Taux d’erreur",
  "health.last-delivery": "Dernier envoi de Shopify",
  "health.deliveries": "Envois en route vers ERPNext",
  "health.workers": "Processus d’arrière-plan",
  "health.subscriptions": "Abonnements aux webhooks",
  "health.token-age": "Âge du jeton Shopify",
  "health.api-version": "Version de l’API Shopify",
  "health.api-deadlines": "Échéances de Shopify",

  "server.noQueues": "le serveur n’a pas encore examiné ses files d’attente",
  "server.noDeliveries": "le serveur n’a pas encore examiné ses envois",
  "server.oldQueues": "le serveur a examiné ses files d’attente pour la dernière fois {ago}",
  "server.oldDeliveries": "le serveur a examiné ses envois pour la dernière fois {ago}",

  "deliveries.waiting": "{count}, le plus ancien depuis {span}",
  "deliveries.failed": "{count} en échec",
  "deliveries.parked": "{count} refusés",
  "deliveries.stuck": "Les envois sont conservés mais n’atteignent pas ERPNext : voyez pourquoi il ne les accepte pas.",
  "deliveries.paused":
    "{work, select, migration {Les envois sont conservés mais n’atteignent pas ERPNext pendant une migration : voyez pourquoi il ne les accepte pas.} restore {Les envois sont conservés mais n’atteignent pas ERPNext pendant une restauration : voyez pourquoi il ne les accepte pas.} setup {Les envois sont conservés mais n’atteignent pas ERPNext pendant l’installation : voyez pourquoi il ne les accepte pas.} other {Les envois sont conservés mais n’atteignent pas ERPNext ({work}) : voyez pourquoi il ne les accepte pas.}}",
  "deliveries.refused":
    "ERPNext les a refusés définitivement : corrigez ce qu’il nomme, puis faites-les envoyer de nouveau.",
  "deliveries.retried": "ERPNext les a refusés ; ils seront envoyés de nouveau automatiquement.",
  "deliveries.good": "ERPNext accepte chaque envoi dès son arrivée.",

  "queue.nothing": "rien en attente",
  "queue.empty": "Chaque envoi a été traité.",
  "queue.good": "Les envois sont traités au fur et à mesure.",
  "queue.warning": "Les envois attendent plus longtemps que d’habitude : regardez de nouveau dans quelques minutes.",
  "queue.bad":
    "La file d’attente n’avance pas : voyez si les processus d’arrière-plan tournent et quelle est la tâche la plus ancienne.",

  "workers.good": "Chaque file d’attente est servie.",
  "workers.none":
    "Aucun processus d’arrière-plan ne tourne : les commandes sont acceptées, mais traitées seulement quand le serveur l’aura relancé.",
  "workers.unserved":
    "Aucun processus d’arrière-plan ne sert {queues} : les commandes sont acceptées, mais traitées seulement quand le serveur l’aura relancé.",

  "errors.nothing": "Rien n’a été traité au cours des dernières 24 heures.",
  "errors.none": "Les {all} des dernières 24 heures ont tous réussi.",
  "errors.few":
    "{failed} sur {all} ont échoué au cours des dernières 24 heures, comme il arrive : la liste dit pourquoi.",
  "errors.many":
    "{failed} sur {all} ont échoué au cours des dernières 24 heures : corrigez ce que nomme la liste, puis faites envoyer les commandes de nouveau.",

  "lastDelivery.silent":
    "Une commande a été passée {ago} et rien n’est arrivé depuis : vérifiez les abonnements, l’hôte des webhooks et le secret.",
  "lastDelivery.never": "Rien n’est encore arrivé : passez une commande et vérifiez le secret si elle n’arrive pas.",
  "lastDelivery.good": "Les envois de Shopify arrivent.",
  "lastDelivery.old": "Rien n’est arrivé depuis des jours : comparez avec la commande la plus récente en direct.",

  "subscriptions.good": "Shopify annonce chaque changement à ce serveur.",
  "subscriptions.missing": "Shopify n’annonce pas {topics} ici : faites recréer les abonnements.",

  "token.good": "Le serveur renouvelle à temps le jeton du connecteur.",
  "token.warning":
    "Le jeton du connecteur expire dans quelques heures : voyez pourquoi le serveur ne le renouvelle pas.",
  "token.bad": "Le jeton du connecteur a expiré : il ne peut rien demander à Shopify tant qu’il n’est pas renouvelé.",
  "token.lasting": "Le jeton d’une application personnalisée dure jusqu’à la désinstallation de l’application.",
  "token.lastingUnknown":
    "La date de sa création n’a pas été notée. Le jeton d’une application personnalisée dure jusqu’à la désinstallation de l’application.",
  "token.notRenewed": "le serveur n’a pas encore renouvelé le jeton du connecteur",

  "version.good": "Shopify répond dans la version demandée.",
  "version.retired": "La version {version} demandée n’existe plus : faites mettre à jour le projet.",
  "version.notNamed": "Shopify n’a nommé aucune version",

  "deadlines.notShown": "Shopify ne montre pas à cette application ses appels obsolètes",
  "deadlines.none": "Aucun appel des 30 derniers jours n’est obsolète",
  "deadlines.until":
    "Shopify conserve {call} de {version} jusqu’au {day} (« {description} »){more, plural, =0 {} other { et # de plus}}",
  "deadlines.without":
    "Shopify conserve {call} de {version} sans échéance (« {description} »){more, plural, =0 {} other { et # de plus}}",
  "deadlines.good": "{seen}.",
  "deadlines.near": "{seen} : faites mettre à jour le connecteur.",

  "reason.recent": "Récente, webhook en attente",
  "reason.cancelled": "Annulée",
  "reason.test-order": "Commande de test",
  "reason.deleted-product": "Produit supprimé",
  "reason.line-without-product": "Article libre ou pourboire",
  "reason.error": "Erreur du connecteur",
  "reason.other": "Aucune trace",
  "reason.duplicate": "Plusieurs commandes client",
  "reason.not-submitted": "Encore un brouillon",
  "reason.not-cancelled": "Annulée dans Shopify seulement",
  "reason.only-cancelled-here": "Annulée dans ERPNext seulement",
  "reason.test-booked": "Commande de test, comptabilisée",
  "reason.currency": "Autre devise",
  "reason.edited": "Modifiée depuis l’import",
  "reason.total": "Autre total",
  "reason.charges": "Autres taxes ou frais de livraison",
  "reason.no-invoice": "Payée, sans facture de vente",
  "reason.invoice-total": "Factures d’un autre montant",
  "reason.no-payment": "Payée, facture encore ouverte",
  "reason.paid-only-here": "Payée dans ERPNext seulement",
  "reason.invoice-stands": "Paiement annulé, facture ouverte",
  "reason.no-credit-note": "Remboursée, sans avoir",
  "reason.no-refund-payment": "Avoir non remboursé",
  "reason.credited-only-here": "Avoir sans remboursement",
  "reason.no-delivery-note": "Expédiée, sans bon de livraison",
  "reason.delivered-only-here": "Livrée dans ERPNext seulement",
  "reason.orphan": "Absente de Shopify",

  "advice.recent":
    "La commande vient d’être passée ou attend dans la file d’ERPNext. Elle arrive d’elle-même, le plus souvent en quelques minutes.",
  "advice.cancelled": "La commande a été annulée dans Shopify avant d’arriver dans ERPNext. Il n’y a rien à faire.",
  "advice.test-order": "Une commande de test de la boutique. Elle n’est pas comptabilisée ; il n’y a rien à faire.",
  "advice.deleted-product":
    "Le produit d’une ligne n’existe plus dans Shopify, le connecteur ne peut donc pas créer son article. Si la commande a été payée, saisissez-la à la main dans ERPNext.",
  "advice.line-without-product":
    "Une ligne est un article libre ou un pourboire, que le connecteur ne peut pas comptabiliser ; toute la commande manque donc. Saisissez-la à la main dans ERPNext.",
  "advice.error":
    "Le connecteur a essayé et échoué ; son propre message est affiché. Corrigez la cause, puis faites envoyer la commande de nouveau.",
  "advice.other":
    "Rien n’explique pourquoi ERPNext ne l’a pas ; l’envoi s’est probablement perdu. Il peut être répété.",
  "advice.duplicate": "ERPNext a la commande plus d’une fois. Annulez les commandes client en trop.",
  "advice.not-submitted":
    "La commande client a été créée mais pas validée. Ouvrez-la et validez-la, ou voyez ce qui l’empêche.",
  "advice.not-cancelled":
    "La commande a été annulée dans Shopify et existe toujours dans ERPNext. Annulez-y ses documents ou faites un avoir pour sa facture.",
  "advice.only-cancelled-here":
    "La commande client est annulée, la commande dans Shopify ne l’est pas. L’une des deux est fausse.",
  "advice.test-booked":
    "Une commande de test est comptabilisée comme chiffre d’affaires. Annulez ses documents dans ERPNext.",
  "advice.currency":
    "Un document est dans une autre devise que la boutique. Annulez-le et corrigez la devise par défaut du client.",
  "advice.edited":
    "La commande a été modifiée dans Shopify après son arrivée dans ERPNext. Corrigez la commande client, ou comptabilisez l’écart si elle est déjà facturée.",
  "advice.total":
    "Les deux côtés ont des montants différents. Ce que l’on sait de la cause figure avec la commande ; comparez ses lignes, taxes et livraison.",
  "advice.charges":
    "Le total est le même, mais pas les taxes et la livraison qu’il contient. Comparez les taxes des deux côtés avant la déclaration de TVA.",
  "advice.no-invoice": "Shopify a reçu de l’argent pour elle et ERPNext n’a pas de facture de vente validée.",
  "advice.invoice-total":
    "Les factures de vente ensemble ne correspondent pas à la commande client. Annulez ce qui est en trop, ou facturez le reste.",
  "advice.no-payment": "Shopify a plus d’argent pour elle qu’ERPNext. Comptabilisez le paiement de la facture.",
  "advice.paid-only-here":
    "ERPNext a plus d’argent pour elle que Shopify. Annulez l’écriture de paiement, ou voyez d’où vient l’argent.",
  "advice.invoice-stands":
    "Le paiement a été annulé ou a expiré dans Shopify. Annulez la facture de vente, ou faites un avoir.",
  "advice.no-credit-note":
    "De l’argent a été remboursé dans Shopify. Faites et validez un avoir de ce montant, et comptabilisez son paiement.",
  "advice.no-refund-payment": "L’avoir existe ; comptabilisez le paiement que Shopify a fait à l’acheteur.",
  "advice.credited-only-here":
    "ERPNext a un avoir pour lequel Shopify n’a rien remboursé. Remboursez-le, ou annulez l’avoir.",
  "advice.no-delivery-note":
    "La commande a été expédiée dans Shopify et les bons de livraison dans ERPNext ne la couvrent pas ; le stock est donc faux.",
  "advice.delivered-only-here":
    "ERPNext a livré ce que Shopify n’a pas expédié, ou n’expédie plus ; le stock est donc faux. Annulez le bon de livraison ou saisissez un retour.",
  "advice.orphan": "ERPNext a une commande client d’une commande que Shopify n’a plus.",

  "finding.said": "{detail} ; message du connecteur : « {said} »",
  "finding.testOrder": "une commande de test, qui n’est pas comptabilisée",
  "finding.recent": "passée il y a {minutes} min, son webhook est peut-être en route",
  "finding.cancelled": "annulée dans Shopify : {at}",
  "finding.queued": "dans la file d’ERPNext depuis {minutes} min",
  "finding.stuck": "dans la file d’ERPNext depuis {at} et jamais traitée",
  "finding.deleted": "créée {at} et supprimée depuis",
  "finding.noTrace": "ERPNext n’en a aucune trace",
  "finding.notCreated": "ERPNext n’a aucune trace de sa création ; {method} n’a trouvé aucune commande client : {at}",
  "finding.customItem": "« {title} » est un article libre ou un pourboire, sans produit",
  "finding.deletedProduct": "« {title} » n’a plus de produit dans Shopify",
  "finding.orphan": "{orders} correspond à une commande qui n’existe pas dans Shopify",
  "finding.duplicate": "{orders} correspondent tous à cette commande",
  "finding.testBooked": "une commande de test, comptabilisée en {documents}",
  "finding.draft": "{order} est un brouillon",
  "finding.cancelledHere": "{orders} est annulée, la commande dans Shopify ne l’est pas",
  "finding.notCancelled":
    "annulée dans Shopify{refunded, select, none {} other {, {refunded} remboursés}}, {order} a le statut « {status} »{documents, select, none {} other { ; {documents} empêche le connecteur de l’annuler}}",
  "finding.invoiceKept": "annulée dans Shopify, qui a gardé {kept} ; {invoices} de {invoiced} subsiste",
  "finding.cancelledOpen": "{open} restent dus ici",
  "finding.keptWithoutInvoice": "annulée dans Shopify, qui a gardé {kept} ; aucune facture de vente ne le dit",
  "finding.notPaidOut": "{refunded} remboursés dans Shopify ; de {notes}, {open} ne sont pas payés ici",
  "finding.currency": "{currency} dans Shopify, {documents}",
  "finding.currencyOf": "{document} en {currency}",
  "finding.edited": "modifiée dans Shopify depuis son import : {now} maintenant, {then} dans {order}",
  "finding.total": "{there} dans Shopify, {here} dans {order}",
  "finding.roundedTotal": "{total}, arrondi par ERPNext depuis {grandTotal}",
  "finding.duties": "{total} : les droits de douane ne sont pas comptabilisés",
  "finding.tip": "{total} : le pourboire n’est pas comptabilisé",
  "finding.roundedPrices": "{total} : les prix de {pieces} unités ont été arrondis",
  "finding.line": "{total} : {line}",
  "finding.charges": "{there} de taxes et de livraison dans Shopify, {here} dans {order}",
  "finding.noPayment": "sans paiement",
  "finding.unknownStatus": "inconnu",
  "finding.paidHere": "non payée dans Shopify ({status}), {cash} payés pour {invoices}",
  "finding.invoiceStands": "non payée dans Shopify ({status}), {invoices} est ouverte",
  "finding.noInvoice":
    "{received} reçus dans Shopify ({status}){refunded, select, none {} other {, dont {refunded} remboursés}}, aucune facture de vente validée{drafts, select, none {} other { : {drafts} est un brouillon}}",
  "finding.invoiceTotal": "{order} est de {ordered}, {invoices} de {invoiced}",
  "finding.noCreditNote":
    "{refunded} remboursés dans Shopify, aucun avoir validé{drafts, select, none {} other { : {drafts} est un brouillon}}",
  "finding.creditedLess":
    "{refunded} remboursés dans Shopify, avoirs de {credited} ici{drafts, select, none {} other { : {drafts} est un brouillon}}",
  "finding.creditedMore": "{refunded} remboursés dans Shopify, avoirs de {credited} dans {notes}",
  "finding.outstanding":
    "{status} dans Shopify, {open} de {invoices} restent dus ici{due, select, none {} other {, {due} dans Shopify}}",
  "finding.paidMore": "{received} reçus dans Shopify, {cash} payés ici",
  "finding.notDelivered":
    "{pieces, plural, one {# unité expédiée} other {# unités expédiées}} dans Shopify{fulfilments, select, none {} other { (expédition {fulfilments})}}, {delivered} dans des bons de livraison validés",
  "finding.deliveredMore":
    "{pieces, plural, one {# unité expédiée} other {# unités expédiées}} dans Shopify, {delivered} livrées par {notes}",
};
