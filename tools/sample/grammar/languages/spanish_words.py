"""Words of the Spanish grammar."""

# infinitive | present | preterite, where they are irregular
IRREGULAR = """
    ser | soy eres es somos sois son | fui fuiste fue fuimos fuisteis fueron
    estar | estoy estás está estamos estáis están | estuve estuviste estuvo estuvimos estuvisteis estuvieron
    ir | voy vas va vamos vais van | fui fuiste fue fuimos fuisteis fueron
    tener | tengo tienes tiene tenemos tenéis tienen | tuve tuviste tuvo tuvimos tuvisteis tuvieron
    hacer | hago haces hace hacemos hacéis hacen | hice hiciste hizo hicimos hicisteis hicieron
    ver | veo ves ve vemos veis ven | vi viste vio vimos visteis vieron
    querer | quiero quieres quiere queremos queréis quieren | quise quisiste quiso quisimos quisisteis quisieron
    poder | puedo puedes puede podemos podéis pueden | pude pudiste pudo pudimos pudisteis pudieron
    jugar | juego juegas juega jugamos jugáis juegan |
    cerrar | cierro cierras cierra cerramos cerráis cierran |
    dormir | duermo duermes duerme dormimos dormís duermen | dormí dormiste durmió dormimos dormisteis durmieron
    leer | | leí leíste leyó leímos leísteis leyeron
    salir | salgo sales sale salimos salís salen |
    volver | vuelvo vuelves vuelve volvemos volvéis vuelven |
"""

SUBJECTS = """
    - | 0 | m
    - | 1 | m
    - | 0 | f
    - | 3 | m
    él | 2 | m
    ella | 2 | f
    - | 4 | m
    ellos | 5 | m
    yo | 0 | m
    tú | 1 | f
    ellas | 5 | f
    nosotros | 3 | m
    usted | 2 | m
    mi hermano | 2 | m
    mi madre | 2 | f
    mis padres | 5 | m
    la profesora | 2 | f
    los niños | 5 | m
    Carmen | 2 | f
    el señor García | 2 | m
    mis hermanas | 5 | f
    tu primo | 2 | m
    nuestra vecina | 2 | f
    Miguel y Lucía | 5 | m
"""
NAMED = "\n".join(SUBJECTS.splitlines()[14:])

ACTIVITIES = """
    trabajar | en una oficina, en el hospital, mucho, !en el jardín
    estudiar | español, matemáticas, en la biblioteca, para el examen
    hablar | por teléfono, con los vecinos, inglés, con el médico
    comprar | pan, fruta en el mercado, !una camisa nueva, !un coche, flores
    cocinar | la cena, arroz con pollo, en casa, una sopa de verduras
    preparar | el desayuno, la comida, !la fiesta, café
    limpiar | la cocina, las ventanas, el baño
    lavar | los platos, la ropa, el coche
    escuchar | música, la radio, las noticias
    mirar | la televisión, !las fotos, las estrellas
    tocar | el piano, la guitarra, el violín
    bailar | en la fiesta, con los amigos, muy bien
    nadar | en el mar, en la piscina, en el río
    caminar | por el parque, por la playa, hasta la estación
    viajar | en tren, en autobús, !al extranjero
    esperar | el autobús, a la abuela, delante de la escuela
    buscar | !las llaves, !un trabajo nuevo, !un piso, setas en el bosque
    visitar | a los abuelos, !el museo, !la ciudad
    ayudar | a los vecinos, a la abuela, en la cocina
    comer | una manzana, pescado, pan con queso, en un restaurante, tortilla
    beber | agua, un vaso de leche, zumo de naranja, té
    aprender | inglés, !a conducir, palabras nuevas
    vender | !la casa, !el coche viejo, verduras
    leer | un libro, el periódico, una novela, cuentos
    escribir | una carta, mensajes, !un libro
    abrir | las ventanas, !la puerta, la tienda a las nueve
    cerrar | !la puerta, la ventana, la tienda a las ocho
    jugar | al fútbol, al ajedrez, con el perro, a las cartas
    dormir | en el sofá, hasta las diez, la siesta
    hacer | la compra, los deberes, ejercicio, la cama
    ver | una película, un partido de fútbol, a los amigos
    salir | de casa a las siete, con el perro, a la calle
    volver | a casa a las seis, tarde del trabajo
"""

QUALITIES = """
    alto simpático joven inteligente amable tímido trabajador guapo rico pobre tranquilo delgado
    valiente fuerte generoso serio divertido
"""
STATES = "cansado contento triste enfermo ocupado nervioso solo preocupado enfadado tranquilo listo"

PLACES = """
    en casa
    en la cocina
    en el jardín
    en la calle
    en el parque
    en la estación
    en el mercado
    en el coche
    delante del hotel
    cerca de la ventana
    en la escuela
    detrás de la iglesia
    en el aeropuerto
    en la playa
    al lado de la puerta
"""

# c clothes, l clothes of any length, b buildings and rooms, v vehicles, r to read, f food, t furniture, o can be carried, a animals
THINGS = """
    casa | casas | f | b
    coche | coches | m | v
    libro | libros | m | ro
    habitación | habitaciones | f | b
    camisa | camisas | f | co
    perro | perros | m | ao
    mesa | mesas | f | t
    reloj | relojes | m | to
    bicicleta | bicicletas | f | vo
    jardín | jardines | m | b
    falda | faldas | f | clo
    abrigo | abrigos | m | clo
    novela | novelas | f | ro
    silla | sillas | f | to
    gato | gatos | m | ao
    manzana | manzanas | f | fo
    cocina | cocinas | f | b
    vestido | vestidos | m | clo
    piso | pisos | m | b
    naranja | naranjas | f | fo
    lámpara | lámparas | f | to
    sombrero | sombreros | m | co
    maleta | maletas | f | to
    caballo | caballos | m | a
    barco | barcos | m | v
    carta | cartas | f | ro
    chaqueta | chaquetas | f | co
    botella | botellas | f | to
"""

# adjective | kinds that it suits
THING_QUALITIES = """
    nuevo | cvrtb
    grande | bvtaf
    pequeño | bvtaf
    viejo | cvtba
    caro | cvrtf
    bonito | cbta
    barato | cvrtf
    largo | lr
    corto | lr
    cómodo | cbtv
    rápido | va
    interesante | r
    aburrido | r
    difícil | r
    dulce | f
    moderno | bvt
    pesado | t
    elegante | ct
    tranquilo | ba
"""
COLOURS = """
    rojo | cvtf
    blanco | cvtba
    negro | cvta
    verde | cvtf
    azul | cvt
    gris | cvta
    amarillo | cvtf
"""

PHRASES = """
    ¡Buenos días!
    ¡Buenas noches!
    ¡Hasta mañana!
    ¡Muchas gracias!
    De nada, señora.
    ¿Cómo está usted?
    ¿Cómo te llamas?
    Me llamo Lucía.
    ¿De dónde eres?
    Soy de España.
    ¿Cuántos años tienes?
    ¿Qué hora es?
    ¿Qué tiempo hace?
    ¿Cuánto cuesta esto?
    No lo sé.
    No entiendo nada.
    ¡Qué bonito día!
    ¡Qué calor hace!
    ¡Feliz cumpleaños!
    ¡Buen viaje!
    ¡Que aproveche!
    ¡Date prisa, por favor!
    ¡Cierra la puerta!
    ¡Abre la ventana, por favor!
    ¡Ven aquí!
    ¡Espera un momento!
    ¡Ten cuidado!
    ¡No te preocupes!
    Tengo mucha hambre.
    Tengo un poco de sed.
    Tengo sueño.
    No tengo tiempo.
    No tengo dinero.
    Tienes razón.
    Me duele la cabeza.
    Me duelen los pies.
    Necesito ayuda.
    La cuenta, por favor.
    Un café con leche, por favor.
    Lo siento mucho.
    ¿Quién es ese hombre?
    ¿Quién ha llamado?
    ¿Qué estás haciendo?
    ¿Me puede ayudar?
    ¿Dónde vives?
    Vivo en una ciudad pequeña.
    Ya es muy tarde.
    Todavía es temprano.
    Te quiero mucho.
    Estoy de acuerdo.
    Hay que tener paciencia.
    No hay ningún problema.
    No queda leche en la nevera.
    El tren llega a las ocho.
    El avión sale a las cinco.
    Mañana es domingo.
    Hoy es mi cumpleaños.
    Nadie contesta el teléfono.
    Alguien llama a la puerta.
    Eso no es verdad.
    ¿Por qué lloras?
    ¿Te gusta el chocolate?
    Me encantan las películas antiguas.
    No me gustan las arañas.
"""
